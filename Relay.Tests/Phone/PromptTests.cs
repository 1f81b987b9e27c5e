using Relay.Phone.Chat;
using Relay.Phone.Commands;
using Xunit;

namespace Relay.Tests.Phone;

/// <summary>Lines typed into the chat.</summary>
public sealed class PromptTests
{
    [Fact]
    public async Task A_plain_line_goes_to_the_one_chosen()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await TypeAsync(pair, $"/to {pair.BertasNumber.E164}\nhello\n\n  there \n/quit\nnever");
        Assert.Equal(["hello", "there"], await PhonePair.TextsAsync(pair.Berta));
    }

    [Fact]
    public async Task Without_a_choice_a_plain_line_answers_who_wrote_last()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        Assert.Contains("To whom?", await TypeAsync(pair, "hello"), StringComparison.Ordinal);
        await pair.BertaSendsAsync("question");
        await PhonePair.TextsAsync(pair.Anna, PhonePair.Silent);
        Assert.Contains("1 read", await TypeAsync(pair, "answer\n/read"), StringComparison.Ordinal);
        Assert.Equal(["answer"], await PhonePair.TextsAsync(pair.Berta));
    }

    [Fact]
    public async Task The_safety_number_of_the_one_at_hand_is_shown()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        Assert.Contains("With whom?", await TypeAsync(pair, "/safety"), StringComparison.Ordinal);
        string printed = await TypeAsync(pair, $"/to {pair.BertasNumber.E164}\nhello\n/safety");
        Assert.Matches(@"\n\+4915187654321\n(\d{5} \d{5} \d{5} \d{5}\n){3}$", printed);
    }

    [Fact]
    public async Task An_error_is_told_and_the_chat_goes_on()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        string printed = await TypeAsync(pair, $"/to +4915100000000\nlost\n/dance\n/to {pair.BertasNumber.E164}\nfound");
        Assert.Contains("No device is registered", printed, StringComparison.Ordinal);
        Assert.Contains("/quit", printed, StringComparison.Ordinal);
        Assert.Equal(["found"], await PhonePair.TextsAsync(pair.Berta));
    }

    private static async Task<string> TypeAsync(PhonePair pair, string lines)
    {
        StringWriter printed = new();
        await new Prompt(pair.Anna, new Terminal(new StringReader(lines), printed, printed)).RunAsync(CancellationToken.None);
        return printed.ToString();
    }
}

using Microsoft.Extensions.Time.Testing;
using Relay.Phone;
using Relay.Phone.Commands;
using Relay.Phone.Receiving;
using Relay.Phone.Registering;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Phone;

/// <summary>The command line is strict, and what it prints is what its help promises.</summary>
public sealed class CommandLineTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("dance")]
    [InlineData("send --to +4915112345678")]
    [InlineData("send --to +4915112345678 --text a --loud")]
    [InlineData("send --to +4915112345678 --text")]
    [InlineData("send --to +4915112345678 --to +4915112345678 --text a")]
    [InlineData("send hello")]
    [InlineData("receive --json yes")]
    [InlineData("register")]
    public void What_is_not_a_command_line_is_refused(string line) =>
        Assert.Throws<UsageException>(() => CommandLine.Parse(line.Split(' ')));

    [Theory]
    [InlineData("read", 2)]
    [InlineData("read --all --ids 0123456789abcdef", 2)]
    [InlineData("read --ids 123", 2)]
    [InlineData("receive --wait soon", 2)]
    [InlineData("send --to 12 --text a", 2)]
    [InlineData("status --transport ftp://x", 2)]
    [InlineData("status --transport http://relay.example", 2)]
    [InlineData("register --number +4915112345678 --code 12", 2)]
    [InlineData("status --passphrase-env NOTHING", 2)]
    [InlineData("report", 2)]
    [InlineData("report --from +4915112345678", 1)]
    [InlineData("unblock", 2)]
    [InlineData("block --number 12", 2)]
    [InlineData("safety-number", 2)]
    [InlineData("safety-number --with +4915112345678", 1)]
    [InlineData("status", 1)]
    [InlineData("--help", 0)]
    public async Task Exit_codes_say_what_happened(string line, int expected)
    {
        using TemporaryPhone phone = new();
        Assert.Equal(expected, await phone.RunAsync(line.Split(' ')));
        Assert.Equal(expected != 0, phone.Error.Length > 0);
    }

    [Fact]
    public void No_command_is_the_chat() => Assert.Equal("chat", CommandLine.Parse(["--state", "x"]).Syntax.Name);

    [Fact]
    public void A_value_may_look_like_an_option() =>
        Assert.Equal("--really", CommandLine.Parse(["send", "--to", "+4915112345678", "--text", "--really"]).Value("--text"));

    [Fact]
    public void Ids_come_in_both_spellings()
    {
        CommandLine line = CommandLine.Parse(["read", "--ids", "0123456789abcdef,0123456789abcde0", "0123456789abcde1"]);
        Assert.Equal(["0123456789abcdef", "0123456789abcde0", "0123456789abcde1"], line.Ids("--ids")?.Select(id => id.Hex));
    }

    [Fact]
    public void Every_command_and_option_is_in_the_help()
    {
        foreach (string name in new[] { "register", "send", "answer", "react", "edit", "revoke", "save", "played", "receive", "read", "safety-number", "status" })
        {
            CommandSyntax syntax = Assert.IsType<CommandSyntax>(CommandSyntax.Find(name));
            Assert.All(syntax.Options.Keys.Append(name), word => Assert.Contains(word, HelpText.Text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Json_lines_are_as_documented()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        StringWriter sent = new();
        int exit = await new SendCommand(
            CommandLine.Parse(["send", "--to", pair.BertasNumber.E164, "--text", "hi", "--json"]), Terminal(sent)).ExecuteAsync(pair.Anna, None);
        Assert.Equal(ExitCode.Done, exit);
        string id = pair.Transport.Sent[0].Id;
        string envelope = Convert.ToBase64String(pair.Transport.Sent[0].Content);
        Assert.Equal($$"""{"type":"sent","id":"{{id}}","queued":false,"envelope":"{{envelope}}"}""", sent.ToString().TrimEnd());

        StringWriter received = new();
        exit = await new ReceiveCommand(CommandLine.Parse(["receive", "--json", "--count", "1"]), Terminal(received), pair.Time).ExecuteAsync(pair.Berta, None);
        Assert.Equal(ExitCode.Done, exit);
        Assert.Equal(
            $$$$"""{"type":"message","id":"{{{{id}}}}","from":"+4915112345678","timestamp":{{{{pair.Time.GetUtcNow().ToUnixTimeSeconds()}}}},"text":"hi","message":{"type":"text","text":{"body":"hi"}}}""",
            received.ToString().TrimEnd());

        StringWriter receipt = new();
        await new ReceiveCommand(CommandLine.Parse(["receive", "--json"]), Terminal(receipt), pair.Time).ExecuteAsync(pair.Anna, None);
        Assert.Equal(
            $$"""{"type":"receipt","from":"+4915187654321","status":"delivered","ids":["{{id}}"]}""",
            receipt.ToString().TrimEnd());
    }

    [Fact]
    public async Task Both_sides_see_one_safety_number()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await Assert.ThrowsAsync<PhoneException>(() => ShowAsync(pair.Anna, "safety-number", "--with", pair.BertasNumber.E164));
        await pair.AnnaSendsAsync("hi");
        await pair.Berta.ReceiveAsync(new ReceiveOptions(), None);

        string annas = await ShowAsync(pair.Anna, "safety-number", "--with", pair.BertasNumber.E164);
        Assert.Equal(annas, await ShowAsync(pair.Berta, "safety-number", "--with", pair.AnnasNumber.E164));
        Assert.Matches(@"^(\d{5} \d{5} \d{5} \d{5}\n?){3}$", annas);
        Assert.Equal(
            $$"""{"with":"{{pair.BertasNumber.E164}}","safetyNumber":"{{annas.Replace('\n', ' ')}}"}""",
            await ShowAsync(pair.Anna, "safety-number", "--with", pair.BertasNumber.E164, "--json"));
    }

    [Fact]
    public async Task Receiving_too_little_in_time_ends_with_3()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await pair.AnnaSendsAsync("1");
        StringWriter output = new();
        int exit = await new ReceiveCommand(
            CommandLine.Parse(["receive", "--count", "2", "--wait", "5"]), Terminal(output), pair.Time).ExecuteAsync(pair.Berta, None);
        Assert.Equal(ExitCode.Timeout, exit);
        Assert.Contains("1", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_unreadable_says_whether_it_was_asked_for()
    {
        using PhonePair pair = await PhonePair.BertaForgotAsync();
        string id = await pair.AnnaSendsAsync("lost");
        StringWriter output = new();
        await new ReceiveCommand(CommandLine.Parse(["receive", "--json"]), Terminal(output), pair.Time).ExecuteAsync(pair.Berta, None);
        Assert.Equal(
            $$"""{"type":"undecryptable","id":"{{id}}","from":"+4915112345678","reason":"NoSession","retryAsked":true}""", output.ToString().TrimEnd());
    }

    [Fact]
    public async Task What_others_write_cannot_steer_the_terminal()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await pair.AnnaSendsAsync("red \u001b[31m \r gone");
        StringWriter output = new();
        await new ReceiveCommand(CommandLine.Parse(["receive"]), Terminal(output), pair.Time).ExecuteAsync(pair.Berta, None);
        Assert.DoesNotContain('\u001b', output.ToString());
        Assert.DoesNotContain('\r', output.ToString());
    }

    [Fact]
    public async Task A_code_comes_from_a_folder_and_its_name_cannot_leave_it()
    {
        string folder = Directory.CreateTempSubdirectory("relay-codes-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, FakeTransport.RegistrationId), "123456\n");
            CodeFolder codes = new(folder, new FakeTimeProvider());
            Assert.Equal("123456", (await codes.ReadAsync(FakeTransport.RegistrationId, None)).Reveal());
            await Assert.ThrowsAsync<PhoneException>(() => codes.ReadAsync("../../../../../../../../../etc/pass", None));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> ShowAsync(PhoneDevice device, params string[] arguments)
    {
        StringWriter output = new();
        Assert.Equal(ExitCode.Done, await new SafetyNumberCommand(CommandLine.Parse(arguments), Terminal(output)).ExecuteAsync(device, None));
        return output.ToString().TrimEnd();
    }

    private static Terminal Terminal(TextWriter output) => new(TextReader.Null, output, TextWriter.Null);
}

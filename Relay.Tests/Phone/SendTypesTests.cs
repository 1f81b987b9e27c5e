using System.Text.Json;
using Relay.Phone;
using Relay.Phone.Chat;
using Relay.Phone.Commands;
using Relay.Phone.Events;
using Relay.Phone.Receiving;
using Xunit;

namespace Relay.Tests.Phone;

/// <summary>What the command line and the chat make of what a user wants to send.</summary>
public sealed class SendTypesTests
{
    private const string Offer = """{"type":"interactive","interactive":{"type":"button","body":{"text":"Come?"},"action":{"buttons":[{"type":"reply","reply":{"id":"y","title":"Yes"}},{"type":"reply","reply":{"id":"n","title":"No"}}]}}}""";
    private const string List = """{"type":"interactive","interactive":{"type":"list","body":{"text":"Which?"},"action":{"button":"M","sections":[{"rows":[{"id":"r1","title":"One","description":"First"}]}]}}}""";
    private const string Flow = """{"type":"interactive","interactive":{"type":"flow","body":{"text":"Book"},"action":{"name":"flow","parameters":{"flow_cta":"Book","flow_token":"tok"}}}}""";
    private const string Template = """{"type":"template","template":{"name":"a","body":{"text":"Hi"},"buttons":[{"type":"url","text":"Go","url":"https://example.com"},{"type":"quick_reply","text":"Stop","payload":"s"}]}}""";

    [Theory]
    [InlineData("--text|hi", """{"type":"text","text":{"body":"hi"}}""")]
    [InlineData("--location|-33.5,151", """{"type":"location","location":{"latitude":-33.5,"longitude":151}}""")]
    [InlineData("--location|1,2|--name|Here|--address|There", """{"type":"location","location":{"latitude":1,"longitude":2,"name":"Here","address":"There"}}""")]
    [InlineData("--contact|Ada|--phone|+16505551234", """{"type":"contacts","contacts":[{"name":{"formatted_name":"Ada","first_name":"Ada"},"phones":[{"phone":"+16505551234","type":"CELL"}]}]}""")]
    [InlineData("--order|c1|--product|p1|--quantity|3", """{"type":"order","order":{"catalog_id":"c1","product_items":[{"product_retailer_id":"p1","quantity":3,"item_price":0,"currency":"EUR"}]}}""")]
    [InlineData("--poll|Lunch?", """{"type":"poll_creation","poll_creation":{"name":"Lunch?","options":["Yes","No"]}}""")]
    [InlineData("""--raw|{"type":"x"}""", """{"type":"x"}""")]
    public async Task Send_makes_every_type(string options, string expected)
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        Assert.Equal(ExitCode.Done, await RunAsync(pair.Anna, ["send", "--to", pair.BertasNumber.E164, .. options.Split('|')]));
        Assert.Equal(expected, (await ReceivedAsync(pair.Berta)).Message.GetRawText());
    }

    [Theory]
    [InlineData("--text|a|--poll|b")]
    [InlineData("--caption|a")]
    [InlineData("--location|north")]
    [InlineData("--location|91,0")]
    [InlineData("--order|c")]
    [InlineData("--raw|7")]
    [InlineData("--raw|{")]
    [InlineData("--text|a|--forwarded|never")]
    [InlineData("--file|x.jpg|--as|gif")]
    public async Task What_makes_no_message_is_refused(string options)
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await Assert.ThrowsAsync<UsageException>(() => RunAsync(pair.Anna, ["send", "--to", pair.BertasNumber.E164, .. options.Split('|')]));
        Assert.Empty(pair.Transport.Sent);
    }

    [Theory]
    [InlineData(Offer, "--choice|2", """{"type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"n","title":"No"}}}""")]
    [InlineData(List, "", """{"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"r1","title":"One","description":"First"}}}""")]
    [InlineData(Template, "--choice|2", """{"type":"button","button":{"payload":"s","text":"Stop"}}""")]
    [InlineData(Flow, """--form|{"day":"Monday"}""", """{"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"day\":\"Monday\",\"flow_token\":\"tok\"}"}}}""")]
    public async Task Answer_presses_what_was_offered(string offer, string options, string expected)
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await RunAsync(pair.Berta, ["send", "--to", pair.AnnasNumber.E164, "--raw", offer]);
        MessageReceived asked = await ReceivedAsync(pair.Anna);
        await RunAsync(pair.Berta, ["send", "--to", pair.AnnasNumber.E164, "--text", "well?"]);
        await ReceivedAsync(pair.Anna);
        pair.RestartAnna();

        Assert.Equal(ExitCode.Done, await RunAsync(pair.Anna, ["answer", "--to", pair.BertasNumber.E164, .. options.Split('|', StringSplitOptions.RemoveEmptyEntries)]));
        MessageReceived answer = await ReceivedAsync(pair.Berta);
        Assert.Equal(JsonSerializer.Serialize(JsonDocument.Parse(expected)), JsonSerializer.Serialize(answer.Message));
        Assert.Equal((asked.Id, "business"), (answer.Context?.Id, answer.Context?.Author));
    }

    [Fact]
    public async Task A_choice_that_isnt_there_or_answers_nothing_is_told()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await Assert.ThrowsAsync<PhoneException>(() => RunAsync(pair.Anna, ["answer", "--to", pair.BertasNumber.E164]));
        await RunAsync(pair.Berta, ["send", "--to", pair.AnnasNumber.E164, "--raw", Template]);
        await ReceivedAsync(pair.Anna);
        await Assert.ThrowsAsync<PhoneException>(() => RunAsync(pair.Anna, ["answer", "--to", pair.BertasNumber.E164, "--choice", "1"]));
        await Assert.ThrowsAsync<PhoneException>(() => RunAsync(pair.Anna, ["answer", "--to", pair.BertasNumber.E164, "--choice", "3"]));
    }

    [Fact]
    public async Task Reactions_changes_and_played_name_the_message_they_are_about()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        string theirs = await pair.BertaSendsAsync("question");
        await ReceivedAsync(pair.Anna);
        string berta = pair.BertasNumber.E164;
        await RunAsync(pair.Anna, ["react", "--to", berta, "--message", theirs, "--emoji", "👍"]);
        string ours = await pair.AnnaSendsAsync("anser");
        await RunAsync(pair.Anna, ["react", "--to", berta, "--message", ours]);
        await RunAsync(pair.Anna, ["edit", "--to", berta, "--message", ours, "--text", "answer"]);
        await RunAsync(pair.Anna, ["revoke", "--to", berta, "--message", ours]);
        await RunAsync(pair.Anna, ["played", "--to", berta, "--message", theirs]);

        IReadOnlyList<PhoneEvent> events = await pair.Berta.ReceiveAsync(new ReceiveOptions(), CancellationToken.None);
        MessageReceived[] messages = [.. events.OfType<MessageReceived>().Where(message => message.Text is null)];
        Assert.Equal(
            [
                $$$"""{"type":"reaction","reaction":{"id":"{{{theirs}}}","author":"business","emoji":"👍"}}""",
                $$$"""{"type":"reaction","reaction":{"id":"{{{ours}}}","author":"user","emoji":""}}""",
                """{"type":"edit","edit":{"id":"OURS","message":{"type":"text","text":{"body":"answer"}}}}""".Replace("OURS", ours, StringComparison.Ordinal),
                $$$"""{"type":"revoke","revoke":{"id":"{{{ours}}}"}}""",
            ],
            messages.Select(message => message.Message.GetRawText()));
        Assert.Equal("question", messages[0].Quote);
        Assert.Contains(events, e => e is ReceiptReceived { Status: "played" } receipt && receipt.Ids.SequenceEqual([theirs]));
    }

    [Fact]
    public async Task The_chat_sends_them_too()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await RunAsync(pair.Berta, ["send", "--to", pair.AnnasNumber.E164, "--raw", Offer, "--forwarded", "often"]);
        MessageReceived offer = await ReceivedAsync(pair.Anna);
        Assert.Equal("often", offer.Forwarded);
        StringWriter printed = new();
        const string lines = "/1\n/reply fine\n/react 👍\n/location 1,2 Here\n/contact Ada\n/edit nobody\n/revoke\n/played\n/9\n/file nowhere.jpg\n/save\n/dance";
        await new Prompt(pair.Anna, new Terminal(new StringReader(lines), printed, printed)).RunAsync(CancellationToken.None);

        IReadOnlyList<PhoneEvent> events = await pair.Berta.ReceiveAsync(new ReceiveOptions(), CancellationToken.None);
        Assert.Equal(
            ["interactive", "text", "reaction", "location", "contacts", "edit", "revoke"],
            events.OfType<MessageReceived>().Select(message => message.Message.GetProperty("type").GetString()));
        Assert.Equal("Come?", events.OfType<MessageReceived>().ElementAt(1).Quote?[..5]);
        Assert.Contains(events, e => e is ReceiptReceived { Status: "played" });
        foreach (string told in new[] { "offers 2 choices", "can't be read", "no message with a file", "/quit" })
        {
            Assert.Contains(told, printed.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_last_fifty_are_kept()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await RunAsync(pair.Berta, ["send", "--to", pair.AnnasNumber.E164, "--raw", Offer]);
        for (int i = 0; i < 50; i++)
        {
            await pair.BertaSendsAsync("x");
        }

        while ((await pair.Anna.ReceiveAsync(PhonePair.Silent, CancellationToken.None)).Count > 0)
        {
        }

        await Assert.ThrowsAsync<PhoneException>(() => RunAsync(pair.Anna, ["answer", "--to", pair.BertasNumber.E164]));
    }

    private static Task<int> RunAsync(PhoneDevice device, string[] arguments)
    {
        CommandLine line = CommandLine.Parse(arguments);
        Terminal terminal = new(TextReader.Null, TextWriter.Null, TextWriter.Null);
        IPhoneCommand command = line.Syntax.Name switch
        {
            "send" => new SendCommand(line, terminal),
            "answer" => new AnswerCommand(line, terminal),
            "played" => new PlayedCommand(line),
            _ => new ChangeCommand(line, terminal),
        };
        return command.ExecuteAsync(device, CancellationToken.None);
    }

    private static async Task<MessageReceived> ReceivedAsync(PhoneDevice device) =>
        Assert.Single((await device.ReceiveAsync(PhonePair.Silent, CancellationToken.None)).OfType<MessageReceived>());
}

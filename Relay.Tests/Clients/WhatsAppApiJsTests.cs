using System.Text.Json;
using Relay.LocalHost.Running;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Primitives;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Clients;

/// <summary>
/// A business on the npm client <c>whatsapp-api-js</c>, unmodified, against <c>relay up</c>, and a user on <c>Relay.Phone</c>:
/// every program is the real one, in a process of its own.
/// </summary>
public sealed class WhatsAppApiJsTests
{
    private const string User = "+4915112345678";
    private const string Asked = "Schöne Grüße 👋 – kommst du?";
    private const string Replied = "Größer als „üblich“? Ja, 12 € 🦊👩‍👩‍👧";
    private const string Answered = "Bis später ✓";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly Dictionary<string, string> NoEnvironment = [];

    private static string ClientFolder => Path.Combine(Repository.Root, "Relay.Tests", "Clients", "whatsapp-api-js");

    [NodeFact]
    public async Task Sends_a_text_and_verifies_the_reply()
    {
        Assert.True(
            File.Exists(Path.Combine(ClientFolder, "node_modules", "whatsapp-api-js", "package.json")),
            "whatsapp-api-js is not installed: run ./relay setup");
        string folder = Directory.CreateTempSubdirectory("relay-client-").FullName;
        try
        {
            using CancellationTokenSource limit = new(Limit);
            await TalkAsync(folder, limit.Token);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task TalkAsync(string folder, CancellationToken cancellationToken)
    {
        await using AzuriteServer azurite = await AzuriteServer.StartAsync(Path.Combine(folder, "azurite"), cancellationToken);
        Dictionary<string, string> accounts = new() { ["RelayStorage"] = azurite.RelayStorage, ["TransportStorage"] = azurite.TransportStorage, ["ManagerStorage"] = azurite.ManagerStorage };
        await using ChildProgram up = ChildProgram.StartRelays("Relay.LocalHost", accounts, "up", "--json", "--data", Path.Combine(folder, "data"));
        DemoBusiness business = (await up.ReadAsync(cancellationToken)).Deserialize(DemoBusiness.DemoJson.Default.DemoBusiness)
            ?? throw new InvalidDataException("up printed null.");
        Task<IReadOnlyList<JsonElement>> PhoneAsync(params string[] arguments) => RunPhoneAsync(business, folder, arguments, cancellationToken);
        await PhoneAsync("register", "--number", User, "--code-dir", business.CodeDirectory);

        await using ChildProgram client = StartClient(business);
        await SetWebhookAsync(business, Text(await client.ReadAsync(cancellationToken), "callbackUrl"), cancellationToken);

        JsonElement asked = Assert.Single(await PhoneAsync("receive", "--json", "--wait", "90"));
        Assert.Equal(Asked, Text(asked, "text"));
        await PhoneAsync("send", "--json", "--to", "+" + Digits(business.DisplayPhoneNumber), "--text", Replied, "--reply-to", Text(asked, "id"));
        IReadOnlyList<JsonElement> events = [.. await PhoneAsync("receive", "--json", "--wait", "90")];

        List<JsonElement> told = [.. (await client.EndAsync(cancellationToken)).Select(line => JsonDocument.Parse(line).RootElement)];
        JsonElement answered = Assert.Single(events, happened => Text(happened, "type") == "message");
        Assert.Equal(Answered, Text(answered, "text"));
        AssertTold(business, told);
    }

    /// <summary>What the business saw, through the library's eyes.</summary>
    private static void AssertTold(DemoBusiness business, List<JsonElement> told)
    {
        List<JsonElement> Of(string name) => [.. told.Where(line => Text(line, "event") == name)];

        Assert.Single(Of("handshake"));
        List<JsonElement> answers = [.. Of("sent").Select(sent => sent.GetProperty("answer"))];
        Assert.Equal(2, answers.Count);
        Assert.All(answers, answer => Assert.Equal(User[1..], Text(answer.GetProperty("contacts")[0], "wa_id")));
        List<string> ids = [.. answers.Select(answer => Text(answer.GetProperty("messages")[0], "id"))];

        JsonElement message = Assert.Single(Of("message"));
        Assert.Equal(Replied, Text(message, "text"));
        Assert.Equal(User[1..], Text(message, "from"));
        Assert.Equal(ids[0], Text(message, "context"));
        Assert.Equal(business.PhoneNumberId, Text(message, "phoneNumberId"));
        Assert.True(Assert.Single(Of("markedAsRead")).GetProperty("answer").GetProperty("success").GetBoolean());

        List<JsonElement> statuses = Of("status");
        Assert.Equal(
            new[] { $"delivered {ids[0]}", $"delivered {ids[1]}", $"sent {ids[0]}", $"sent {ids[1]}" }.Order(StringComparer.Ordinal),
            statuses.Select(status => $"{Text(status, "status")} {Text(status, "id")}").Order(StringComparer.Ordinal));
        Assert.All(statuses, status => Assert.Equal(User[1..], Text(status, "phone")));
        Assert.All(
            statuses.Where(status => Text(status, "id") == ids[0]),
            status => Assert.Equal("order-7", Text(status, "callbackData")));

        Assert.Equal(5, Of("verified").Count);
        Assert.All(Of("changedBody"), changed => Assert.Equal(
            (true, "WhatsAppAPIFailedToVerifyError"), (changed.GetProperty("isChanged").GetBoolean(), Text(changed, "outcome"))));
    }

    private static ChildProgram StartClient(DemoBusiness business) => ChildProgram.Start(
        "node",
        new Dictionary<string, string>
        {
            ["RELAY_BASE_URL"] = business.BaseUrl,
            ["RELAY_ACCESS_TOKEN"] = business.AccessToken,
            ["RELAY_APP_SECRET"] = business.AppSecret,
            ["RELAY_VERIFY_TOKEN"] = business.VerifyToken,
            ["RELAY_PHONE_NUMBER_ID"] = business.PhoneNumberId,
            ["RELAY_TO"] = User,
            ["RELAY_TEXT"] = Asked,
            ["RELAY_ANSWER"] = Answered,
            ["RELAY_SECONDS"] = "150",
        },
        Path.Combine(ClientFolder, "client.mjs"));

    private static async Task SetWebhookAsync(DemoBusiness business, string callbackUrl, CancellationToken cancellationToken)
    {
        using HttpClient http = new();
        AdminClient admin = new(http, new Uri(business.BaseUrl), new Secret(business.AdminToken));
        await admin.SetWebhookAsync(business.BusinessId, new SetWebhookRequest(callbackUrl, business.VerifyToken), cancellationToken);
    }

    private static async Task<IReadOnlyList<JsonElement>> RunPhoneAsync(
        DemoBusiness business, string folder, string[] arguments, CancellationToken cancellationToken)
    {
        await using ChildProgram phone = ChildProgram.StartRelays(
            "Relay.Phone", NoEnvironment, [.. arguments, "--transport", business.TransportUrl, "--state", Path.Combine(folder, "phone", "phone.state")]);
        IReadOnlyList<string> lines = await phone.EndAsync(cancellationToken);
        return [.. lines.Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static string Digits(string displayed) => string.Concat(displayed.Where(char.IsAsciiDigit));

    private static string Text(JsonElement element, string name) => TestRelay.Text(element, name);
}

using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Relay.LocalHost.Running;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Primitives;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Clients;

/// <summary>
/// A user's device on Signal's own library (samples/device-node, PQXDH with SPQR) and a business, against <c>relay up</c>: every
/// program is the real one, in a process of its own.
/// </summary>
public sealed class DeviceNodeTests
{
    private const string User = "+4915112345678";
    private const string Answer = "Größer als „üblich“? Ja, 12 € 🦊";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static string Sample => Path.Combine(Repository.Root, "samples", "device-node");

    [NodeFact]
    public async Task Receives_what_a_business_writes_confirms_it_and_answers()
    {
        Assert.True(File.Exists(Path.Combine(Sample, "node_modules", ".relay")), "samples/device-node is not installed: run ./relay setup peers");
        string folder = Directory.CreateTempSubdirectory("relay-device-").FullName;
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
        Channel<Delivery> told = Channel.CreateUnbounded<Delivery>();
        await using WebhookReceiver webhook = await WebhookReceiver.StartAsync();
        webhook.OnDelivery = delivery => told.Writer.WriteAsync(delivery, CancellationToken.None).AsTask();
        await PrepareAsync(business, webhook, cancellationToken);
        await using (ChildProgram device = StartDevice(business, folder, messages: 2))
        {
            Assert.Equal("registered", Text(await device.ReadAsync(cancellationToken), "type"));
            await TalkAsync("one", device);
            await TalkAsync("two", device);
            Assert.Empty(await device.EndAsync(cancellationToken));
        }

        // It goes on with its keys and sessions when it is started again.
        await using (ChildProgram again = StartDevice(business, folder, messages: 1))
        {
            await TalkAsync("three", again);
            Assert.Empty(await again.EndAsync(cancellationToken));
        }

        // It asks again for what it can't read.
        ForgetSessions(folder);
        await using ChildProgram forgetful = StartDevice(business, folder, messages: 1);
        await TalkAsync("four", forgetful, before: "undecryptable");
        Assert.Empty(await forgetful.EndAsync(cancellationToken));

        async Task TalkAsync(string text, ChildProgram device, string? before = null)
        {
            string id = await SendAsync(business, text, cancellationToken);
            if (before is not null)
            {
                Assert.Equal(before, Text(await device.ReadAsync(cancellationToken), "type"));
            }

            JsonElement message = await device.ReadAsync(cancellationToken);
            Assert.Equal(("message", business.DisplayPhoneNumber, text), (Text(message, "type"), Text(message, "from"), Text(message, "text")));
            Assert.Equal("answered", Text(await device.ReadAsync(cancellationToken), "type"));
            await AssertToldAsync(id, told.Reader, cancellationToken);
        }
    }

    /// <summary>The business hears of its message, and gets an answer to it.</summary>
    private static async Task AssertToldAsync(string id, ChannelReader<Delivery> told, CancellationToken cancellationToken)
    {
        HashSet<string> expected = [$"sent:{id}", $"delivered:{id}", $"read:{id}", "answer"];
        while (expected.Count > 0)
        {
            Delivery delivery = await told.ReadAsync(cancellationToken);
            Assert.True(expected.Remove(delivery.IsMessage ? "answer" : delivery.Summary), delivery.Summary);
            if (delivery.IsMessage)
            {
                Assert.Equal(Answer, Text(delivery.Message.GetProperty("text"), "body"));
                Assert.Equal(User[1..], Text(delivery.Message, "from"));
                Assert.Equal(id, Text(delivery.Message.GetProperty("context"), "id"));
            }
        }
    }

    /// <summary>Its webhook, and that nothing weaker than PQXDH with SPQR will do.</summary>
    private static async Task PrepareAsync(DemoBusiness business, WebhookReceiver webhook, CancellationToken cancellationToken)
    {
        using HttpClient http = new();
        AdminClient admin = new(http, new Uri(business.BaseUrl), new Secret(business.AdminToken));
        await admin.SetWebhookAsync(business.BusinessId, new SetWebhookRequest(webhook.Callback.AbsoluteUri, webhook.VerifyToken), cancellationToken);
        using HttpRequestMessage policy = new(HttpMethod.Put, $"{business.BaseUrl}/relay/v1/admin/businesses/{business.BusinessId}/signal_policy")
        {
            Content = JsonContent.Create(new { protocols = new[] { "pqxdh_spqr" } }),
        };
        policy.Headers.Authorization = new AuthenticationHeaderValue("Bearer", business.AdminToken);
        using HttpResponseMessage set = await http.SendAsync(policy, cancellationToken);
        set.EnsureSuccessStatusCode();
    }

    private static string StateFile(string folder) => Path.Combine(folder, "device.json");

    private static void ForgetSessions(string folder)
    {
        JsonNode state = JsonNode.Parse(File.ReadAllText(StateFile(folder))) ?? throw new InvalidDataException("The state is null.");
        Assert.Single(state["sessions"]?.AsObject() ?? []);
        state["sessions"] = new JsonObject();
        File.WriteAllText(StateFile(folder), state.ToJsonString());
    }

    private static ChildProgram StartDevice(DemoBusiness business, string folder, int messages) => ChildProgram.Start(
        "node",
        new Dictionary<string, string>(),
        Path.Combine(Sample, "device.mjs"),
        "--transport", business.TransportUrl,
        "--code-dir", business.CodeDirectory,
        "--number", User,
        "--state", StateFile(folder),
        "--reply", Answer,
        "--count", $"{messages}",
        "--wait", "150");

    private static async Task<string> SendAsync(DemoBusiness business, string text, CancellationToken cancellationToken)
    {
        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Post, $"{business.BaseUrl}/v25.0/{business.PhoneNumberId}/messages");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", business.AccessToken);
        request.Content = JsonContent.Create(new { messaging_product = "whatsapp", to = User, type = "text", text = new { body = text } });
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return Text(answer.GetProperty("messages")[0], "id");
    }

    private static string Text(JsonElement element, string name) => TestRelay.Text(element, name);
}

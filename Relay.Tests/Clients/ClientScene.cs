using System.Text.Json;
using Relay.Shared.Content;
using Relay.Shared.Primitives;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Clients;

/// <summary>A business on an unmodified npm client (a script in a process of its own), Relay over HTTP, and a user's device that can send whatever a device may.</summary>
internal sealed class ClientScene : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly CancellationTokenSource _limit = new(Limit);

    private ClientScene(TestRelay relay, TestBusiness business, RawDevice device, ChildProgram client) => (Relay, Business, Device, Client) = (relay, business, device, client);

    public TestRelay Relay { get; }

    public TestBusiness Business { get; }

    public RawDevice Device { get; }

    public ChildProgram Client { get; }

    /// <summary>What the device has got, in order.</summary>
    public List<DeviceContent> Received { get; } = [];

    /// <summary>Starts the script, sets its webhook and lets the user write a first time.</summary>
    public static async Task<ClientScene> StartAsync(string folder, string package)
    {
        string scripts = Path.Combine(Repository.Root, "Relay.Tests", "Clients", folder);
        Assert.True(File.Exists(Path.Combine(scripts, "node_modules", package, "package.json")), $"{package} is not installed: run ./relay setup");
        TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        RawDevice device = await relay.RawDeviceAsync();
        await business.PostAsync(
            """{"name":"greeting","language":"en","category":"UTILITY","components":[{"type":"BODY","text":"Hello {{1}}!","example":{"body_text":[["Ada"]]}}]}""",
            path: $"v25.0/{business.WabaId}/message_templates").OkAsync();
        ChildProgram client = ChildProgram.StartTalking(
            "node",
            new Dictionary<string, string>
            {
                ["RELAY_BASE_URL"] = relay.Local.BaseAddress.AbsoluteUri.TrimEnd('/'),
                ["RELAY_ACCESS_TOKEN"] = business.AccessToken,
                ["RELAY_APP_SECRET"] = business.AppSecret,
                ["RELAY_VERIFY_TOKEN"] = "verify",
                ["RELAY_PHONE_NUMBER_ID"] = business.PhoneNumberId,
                ["RELAY_WABA_ID"] = business.WabaId,
                ["RELAY_TO"] = device.Number.Digits,
            },
            Path.Combine(scripts, "surface.mjs"));
        ClientScene scene = new(relay, business, device, client);
        string callback = TestRelay.Text(await scene.ReadAsync("listening"), "callbackUrl");
        await relay.AdminAsync(HttpMethod.Put, $"businesses/{business.Id}/webhook", new { callback_url = callback, verify_token = "verify" });
        await scene.ReadAsync("handshake");
        await device.OpenAsync(business.Number);
        return scene;
    }

    /// <summary>The user sends; what the client's library made of it.</summary>
    public async Task<JsonElement> HearAsync(string message, ContentContext? context = null)
    {
        await Device.SendAsync(Business.Number, new DeviceContent
        {
            Id = EnvelopeId.Create().Hex,
            Timestamp = 1_800_000_000,
            Profile = new ContentProfile("Ada"),
            Context = context,
            Message = JsonDocument.Parse(message).RootElement,
        });
        await Relay.DrainAsync();
        return await ReadAsync("message");
    }

    /// <summary>Has the script do something: its calls by name, each with its answer, or its status and code.</summary>
    public async Task<IReadOnlyDictionary<string, JsonElement>> RunAsync(string command)
    {
        await Client.WriteAsync(command, _limit.Token);
        Dictionary<string, JsonElement> calls = [];
        while (await Client.ReadAsync(_limit.Token) is var line && TestRelay.Text(line, "event") != "done")
        {
            Assert.Equal("call", TestRelay.Text(line, "event"));
            calls[TestRelay.Text(line, "name")] = line;
        }

        return calls;
    }

    /// <summary>Delivers what was sent; says what the library made of the statuses.</summary>
    public async Task<IReadOnlyList<JsonElement>> DeliverAsync(int statuses)
    {
        await Relay.DrainAsync();
        while (await Device.FetchAsync() is { Count: > 0 } envelopes)
        {
            Received.AddRange(envelopes.Select(Device.Read).OfType<DeviceContent>());
        }

        List<JsonElement> told = [];
        while (told.Count < statuses)
        {
            told.Add(await ReadAsync("status"));
        }

        return told;
    }

    /// <summary>Those that weren't answered with success, with the code of each.</summary>
    public static IEnumerable<string> Refused(IReadOnlyDictionary<string, JsonElement> calls) =>
        from call in calls
        where !call.Value.TryGetProperty("answer", out JsonElement answer) || answer.TryGetProperty("error", out _)
        select $"{call.Key}: {Code(call.Value)}";

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        Device.Dispose();
        await Relay.DisposeAsync();
        _limit.Dispose();
    }

    public async Task<JsonElement> ReadAsync(string name)
    {
        JsonElement line = await Client.ReadAsync(_limit.Token);
        Assert.True(TestRelay.Text(line, "event") == name, $"{name} was expected: {line}");
        return line;
    }

    private static string Code(JsonElement call)
    {
        JsonElement at = call.TryGetProperty("answer", out JsonElement answer) && answer.TryGetProperty("error", out JsonElement error) ? error : call;
        return at.TryGetProperty("code", out JsonElement code) ? code.ToString() : call.ToString();
    }
}

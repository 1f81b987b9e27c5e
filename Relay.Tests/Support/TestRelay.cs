using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.LocalHost;
using Relay.Phone;
using Relay.Phone.State;
using Relay.Shared.Azure;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;
using Relay.Shared.Webhooks;
using Relay.Tests.Transport;
using Xunit;

namespace Relay.Tests.Support;

/// <summary>
/// All of Relay over real HTTP, with what tests need around it: provisioned businesses, devices, logs. Queues move only in
/// <see cref="DrainAsync"/>, so nothing sleeps.
/// </summary>
internal sealed class TestRelay : IFrontDoor, IAsyncDisposable
{
    // The relays of a run share the emulator's tables, so also the keys that those are sealed under.
    private static readonly LocalKeyFile RelayKeysOnAzurite = LocalKeyFile.InMemory();
    private static readonly LocalKeyFile TransportKeysOnAzurite = LocalKeyFile.InMemory();

    private readonly CodeMailbox _codes = new();
    private readonly ConcurrentQueue<(string Function, Exception Fault)> _faults = new();
    private LocalRelay? _relay;

    public LocalRelay Local => _relay ?? throw new InvalidOperationException("Not started.");

    public Uri BaseAddress => Local.BaseAddress;

    public HttpClient Http { get; } = new();

    public CapturedLog Log { get; } = new();

    /// <summary>Exceptions that functions let out.</summary>
    public IReadOnlyCollection<(string Function, Exception Fault)> Faults => _faults;

    public static async Task<TestRelay> StartAsync(LocalRelayOptions? options = null)
    {
        TestRelay test = new();
        LocalRelayOptions given = options ?? new LocalRelayOptions();
        test._relay = await LocalRelay.StartAsync(
            given with
            {
                RunPumps = false,
                ConfigureLogging = logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(test.Log),
                OnFault = (function, fault) => test._faults.Enqueue((function, fault)),
                Customize = services =>
                {
                    services.AddSingleton<IVerificationCodeSender>(test._codes);
                    services.AddSingleton(new RetryJitter(percent: 0));
                    given.Customize(services);
                },
            },
            CancellationToken.None);
        return test;
    }

    public static async Task<TestRelay> OnAzuriteAsync(LocalRelayOptions? options = null)
    {
        AzuriteServer server = await AzuriteServer.SharedAsync();
        LocalRelayOptions given = options ?? new LocalRelayOptions();
        return await StartAsync(given with
        {
            RelayStorage = given.RelayStorage ?? await AzuriteAccountAsync(),
            TransportStorage = given.TransportStorage ?? Open(server.TransportStorage, (tables, queues, blobs) => new TransportStorage(tables, queues, blobs)),
            RelayKeys = RelayKeysOnAzurite,
            TransportKeys = TransportKeysOnAzurite,
        });
    }

    /// <summary>The relay's account that all tests of a run share.</summary>
    public static async Task<RelayStorage> AzuriteAccountAsync() =>
        Open((await AzuriteServer.SharedAsync()).RelayStorage, (tables, queues, blobs) => new RelayStorage(tables, queues, blobs));

    public Task DrainAsync() => Local.DrainAsync(CancellationToken.None);

    /// <summary>A number that no other test has.</summary>
    public static string RandomNumber() => "+4915" + RandomNumberGenerator.GetInt32(10_000_000, 99_999_999).ToString(CultureInfo.InvariantCulture);

    /// <summary>A business with one number, a token and (unless there is none) a verified webhook.</summary>
    public Task<TestBusiness> BusinessAsync(WebhookReceiver? receiver) => TestBusiness.CreateAsync(this, receiver);

    /// <summary>A registered device, its state in memory.</summary>
    public async Task<TestDevice> DeviceAsync(string? number = null, MemoryPhoneState? state = null)
    {
        TestDevice device = OpenDevice(number ?? RandomNumber(), state ?? new MemoryPhoneState());
        await device.Phone.RegisterAsync(device.PhoneNumber, (id, _) => Task.FromResult(_codes.Codes[id]), CancellationToken.None);
        return device;
    }

    /// <summary>A registered device that does what it is told.</summary>
    public Task<RawDevice> RawDeviceAsync(string? number = null, bool withKyber = true) =>
        RawDevice.RegisterAsync(new TransportClient(Http, Local.BaseAddress), number ?? RandomNumber(), id => _codes.Codes[id], withKyber);

    /// <summary>Registers a number with these keys, for who acts as its device by hand.</summary>
    public async Task<DeviceCredential> RegisterAsync(string number, DeviceKeys keys)
    {
        TransportClient transport = new(Http, Local.BaseAddress);
        string id = (await transport.StartRegistrationAsync(TestDevice.Of(number), CancellationToken.None)).Value!.RegistrationId;
        return (await transport.VerifyRegistrationAsync(id, TestDevice.Of(number), _codes.Codes[id], keys, CancellationToken.None)).Value!;
    }

    /// <summary>A device that was registered before.</summary>
    public TestDevice OpenDevice(string number, MemoryPhoneState state) =>
        new(new PhoneDevice(state, new TransportClient(Http, Local.BaseAddress), Local.Options.Time), number);

    public async Task<JsonElement> AdminAsync(HttpMethod method, string path, object body)
    {
        (HttpStatusCode status, JsonElement answer) = await TryAdminAsync(method, path, body);
        Assert.True(
            status == HttpStatusCode.OK, answer + "\n" + string.Join("\n", Log.Lines.Where(line => line.Level >= LogLevel.Warning).Select(line => line.Text)));
        return answer;
    }

    public async Task<(HttpStatusCode Status, JsonElement Answer)> TryAdminAsync(HttpMethod method, string path, object body)
    {
        using HttpRequestMessage request = new(method, new Uri(Local.BaseAddress, "relay/v1/admin/" + path))
        {
            Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Local.Options.AdminToken.Reveal()) },
        };
        using HttpResponseMessage response = await Http.SendAsync(request);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    public async ValueTask DisposeAsync()
    {
        await Local.DisposeAsync();
        Http.Dispose();
    }

    internal static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? throw new InvalidDataException(name);

    private static T Open<T>(string connection, Func<ITableStore, IQueueStore, IBlobStore, T> make)
    {
        AzureStorageConnection account = AzureStorageConnection.Create(
            AzureStorageSettings.Read("Test", name => name == "Test" ? connection : null), null);
        return make(account.Tables, account.Queues, account.Blobs);
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Relay.LocalHost.Split;
using Relay.Phone;
using Relay.Phone.Registering;
using Relay.Phone.State;
using Relay.Shared.Hosting;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Client;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Processes;

/// <summary>A Relay in one process or in three, real ones, as a business, a device and an operator see it.</summary>
internal sealed class ProcessRelay : IFrontDoor, IAsyncDisposable
{
    private readonly ConcurrentQueue<(RelayRole Role, string Line)> _log;
    private readonly SplitOptions _options;
    private readonly ServedProcess? _single;
    private readonly SplitRelay? _split;

    private ProcessRelay(SplitOptions options, ServedProcess? single, SplitRelay? split, ConcurrentQueue<(RelayRole Role, string Line)> log) =>
        (_options, _single, _split, _log) = (options, single, split, log);

    public Uri BaseAddress => At(RelayRole.Relay);

    public HttpClient Http { get; } = new();

    /// <summary>What the processes wrote to standard error.</summary>
    public IReadOnlyCollection<(RelayRole Role, string Line)> Log => _log;

    public SplitRelay Split => _split ?? throw new InvalidOperationException("It is one process.");

    public SplitOptions Options => _options;

    public static async Task<ProcessRelay> StartSingleAsync(ProcessGround ground)
    {
        SplitOptions options = ground.Split();
        options = options with { TransportPort = options.RelayPort, ManagerPort = options.RelayPort };
        ConcurrentQueue<(RelayRole Role, string Line)> log = new();
        ServedProcess process = new(
            typeof(SplitRelay).Assembly.Location,
            ["--data", ground.Data, "--port", options.RelayPort.ToString(CultureInfo.InvariantCulture)],
            environment =>
            {
                environment[nameof(RelayStorage)] = ground.Azurite.RelayStorage;
                environment[nameof(TransportStorage)] = ground.Azurite.TransportStorage;
                environment[nameof(ManagerStorage)] = ground.Azurite.ManagerStorage;
                environment[RelaySettings.AdminToken] = options.AdminToken.Reveal();
                environment[RelaySettings.RegistrationKey] = options.RegistrationKey.Reveal();
                environment[RelaySettings.OperatorKey] = options.OperatorKey.Reveal();
            },
            line => log.Enqueue((RelayRole.All, line)));
        await process.StartAsync(CancellationToken.None);
        return new ProcessRelay(options, process, null, log);
    }

    public static async Task<ProcessRelay> StartSplitAsync(ProcessGround ground)
    {
        ConcurrentQueue<(RelayRole Role, string Line)> log = new();
        SplitOptions options = ground.Split() with { OnError = (role, line) => log.Enqueue((role, line)) };
        SplitRelay split = new(options);
        await split.StartAsync(CancellationToken.None);
        return new ProcessRelay(options, null, split, log);
    }

    public Uri At(RelayRole role) => _options.Address(role);

    /// <summary>A registered device, its state in memory.</summary>
    public async Task<TestDevice> DeviceAsync()
    {
        TestDevice device = new(new PhoneDevice(new MemoryPhoneState(), new TransportClient(Http, At(RelayRole.Transport)), TimeProvider.System), TestRelay.RandomNumber());
        CodeFolder codes = new(Path.Combine(_options.Data, DataNames.Codes), TimeProvider.System);
        await device.Phone.RegisterAsync(device.PhoneNumber, codes.ReadAsync, CancellationToken.None);
        return device;
    }

    public async Task<JsonElement> AdminAsync(HttpMethod method, string path, object body)
    {
        (HttpStatusCode status, JsonElement answer) = await TryAdminAsync(method, path, body);
        Assert.True(status == HttpStatusCode.OK, $"{(int)status} {answer}\n{string.Join('\n', Log.Select(line => $"{line.Role}: {line.Line}"))}");
        return answer;
    }

    public async Task<(HttpStatusCode Status, JsonElement Answer)> TryAdminAsync(HttpMethod method, string path, object body)
    {
        using HttpRequestMessage request = new(method, new Uri(At(RelayRole.Manager), "relay/v1/admin/" + path))
        {
            Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", _options.AdminToken.Reveal()) },
        };
        using HttpResponseMessage response = await Http.SendAsync(request);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_single is not null)
        {
            await _single.StopAsync();
        }

        if (_split is not null)
        {
            await _split.StopAsync();
        }
    }
}

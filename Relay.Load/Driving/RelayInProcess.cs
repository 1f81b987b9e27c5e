using Microsoft.Extensions.DependencyInjection;
using Relay.LocalHost;
using Relay.Load.Counting;
using Relay.Load.Parties;
using Relay.Shared.Azure;
using Relay.Shared.Hosting;
using Relay.Shared.Limits;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Webhooks;

namespace Relay.Load.Driving;

/// <summary>All of Relay in this process, on memory or on the accounts of the environment, with the oracle on the relay's way to the transport.</summary>
internal sealed class RelayInProcess : IAsyncDisposable
{
    /// <summary>The emulator's queues slow down with their length: longer ones than these, and it never catches up.</summary>
    private const int EmulatorSoft = 1_000;
    private const int EmulatorHard = 4_000;

    private readonly LocalRelay _relay;
    private readonly OutgoingHttp _outgoing;

    private RelayInProcess(LocalRelay relay, OutgoingHttp outgoing, CodeBox codes) => (_relay, _outgoing, Codes) = (relay, outgoing, codes);

    public Uri Address => _relay.BaseAddress;

    public string AdminToken => _relay.Options.AdminToken.Reveal();

    public CodeBox Codes { get; }

    public static async Task<RelayInProcess> StartAsync(bool inMemory, RatchetOracle oracle, CancellationToken cancellationToken)
    {
        CodeBox codes = new();
        OutgoingHttp outgoing = new(
            new HttpClient(oracle, disposeHandler: false), new HttpMessageInvoker(WebhookClient.CreateHandler(new PublicConnect(allowLoopback: true))));
        LocalRelayOptions options = new()
        {
            OutgoingHttp = outgoing,
            FirstTier = MessagingTier.Unlimited,
            DeviceLimits = DeviceLimits.Lifted,
            Limits = inMemory ? RelayLimits.Lifted : RelayLimits.Lifted with { BacklogSoft = EmulatorSoft, BacklogHard = EmulatorHard },
            Customize = services => services.AddSingleton<IVerificationCodeSender>(codes),
        };
        if (!inMemory)
        {
            AzureStorageConnection relay = RelayAccounts.Connect(nameof(RelayStorage), Environment.GetEnvironmentVariable, null);
            AzureStorageConnection transport = RelayAccounts.Connect(nameof(TransportStorage), Environment.GetEnvironmentVariable, null);
            options = options with
            {
                RelayStorage = new RelayStorage(relay.Tables, relay.Queues, relay.Blobs),
                TransportStorage = new TransportStorage(transport.Tables, transport.Queues, transport.Blobs),
            };
        }

        return new RelayInProcess(await LocalRelay.StartAsync(options, cancellationToken), outgoing, codes);
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        _outgoing.Dispose();
    }
}

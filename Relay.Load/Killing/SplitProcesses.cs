using Relay.LocalHost.Split;
using Relay.Shared.Hosting;
using Relay.Shared.Limits;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Standing;

namespace Relay.Load.Killing;

/// <summary>The three roles in three processes, of which any one is killed.</summary>
internal sealed class SplitProcesses : IChaosHost
{
    private readonly SplitRelay _relay;

    /// <param name="program">Relay.LocalHost.dll.</param>
    /// <param name="data">Where keys and codes lie.</param>
    /// <param name="transportPort">The transport's port on 127.0.0.1.</param>
    /// <param name="transport">Where relay and manager find the transport.</param>
    public SplitProcesses(string program, string data, int transportPort, Uri transport)
    {
        SplitOptions options = SplitOptions.FromEnvironment(data) with
        {
            Program = program,
            TransportPort = transportPort,
            TransportBaseUrl = transport,
            FirstTier = MessagingTier.Unlimited,
            DeviceLimits = DeviceLimits.Lifted,
            RelaySettings = SplitOptions.Limits(RelaySettings.ReadLimits(Environment.GetEnvironmentVariable, RelayLimits.Lifted)),
        };
        _relay = new SplitRelay(options);
        AdminToken = options.AdminToken.Reveal();
        Codes = Path.Combine(data, "codes");
    }

    public RoleAddresses Addresses => _relay.Options.Addresses;

    public string AdminToken { get; }

    public string Codes { get; }

    public IReadOnlyList<string> Processes { get; } = [.. SplitRelay.Roles.Select(role => role.Name())];

    public Task StartAsync(CancellationToken cancellationToken) => _relay.StartAsync(cancellationToken);

    public async Task KillAndStartAsync(int process, CancellationToken cancellationToken)
    {
        RelayRole role = SplitRelay.Roles[process];
        await _relay[role].KillAsync();
        await _relay.StartAsync(role, cancellationToken);
    }

    public ValueTask DisposeAsync() => _relay.DisposeAsync();
}

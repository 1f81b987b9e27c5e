using System.Globalization;
using Relay.Shared.Hosting;

namespace Relay.LocalHost.Split;

/// <summary>Relay as three processes on 127.0.0.1, each composed of one role and nothing else, as in Azure.</summary>
public sealed class SplitRelay : IAsyncDisposable
{
    private readonly Dictionary<RelayRole, ServedProcess> _processes;

    public SplitRelay(SplitOptions options)
    {
        Options = options;
        _processes = Roles.ToDictionary(role => role, role => new ServedProcess(
            options.Program,
            [
                "--role", role.Name(), "--port", options.Port(role).ToString(CultureInfo.InvariantCulture),
                .. options.PrintsCodes ? (string[])["--print-codes"] : [],
            ],
            environment => RoleEnvironment.Apply(environment, role, options),
            options.OnError is { } onError ? line => onError(role, line) : null));
    }

    /// <summary>In the order in which they are started.</summary>
    public static IReadOnlyList<RelayRole> Roles { get; } = [RelayRole.Transport, RelayRole.Relay, RelayRole.Manager];

    public SplitOptions Options { get; }

    public ServedProcess this[RelayRole role] => _processes[role];

    /// <summary>Returns when all three answer.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(Roles.Select(role => StartAsync(role, cancellationToken)));

    /// <summary>Returns when the role's process answers.</summary>
    public async Task StartAsync(RelayRole role, CancellationToken cancellationToken)
    {
        await _processes[role].StartAsync(cancellationToken);
        using HttpClient http = new();
        using HttpResponseMessage health = await http.GetAsync(new Uri(Options.Address(role), "relay/v1/health"), cancellationToken);
        health.EnsureSuccessStatusCode();
    }

    /// <summary>Lets all three finish what they do: first the one that is asked, then those it asks.</summary>
    public async Task StopAsync()
    {
        foreach (RelayRole role in Roles.Reverse())
        {
            await _processes[role].StopAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServedProcess process in _processes.Values)
        {
            await process.DisposeAsync();
        }
    }
}

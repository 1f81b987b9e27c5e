using Relay.LocalHost.Split;

namespace Relay.Load.Killing;

/// <summary>A Relay in processes of its own, each killed and started again on its port and data.</summary>
internal interface IChaosHost : IAsyncDisposable
{
    RoleAddresses Addresses { get; }

    string AdminToken { get; }

    /// <summary>Where verification codes are left.</summary>
    string Codes { get; }

    /// <summary>What can be killed, in words.</summary>
    IReadOnlyList<string> Processes { get; }

    /// <summary>Returns when all of it answers.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>SIGKILL to one of <see cref="Processes"/>, by its index, and a new start at once. Returns when it answers again.</summary>
    Task KillAndStartAsync(int process, CancellationToken cancellationToken);
}

using Microsoft.Extensions.DependencyInjection;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Privacy;

/// <summary>What may stand between Relay and its parts; nothing by default. Tests put mistakes there, and see that the check finds each.</summary>
internal sealed record Interference
{
    public Func<ITableStore, ITableStore> RelayTables { get; init; } = static tables => tables;

    public Func<ITableStore, ITableStore> TransportTables { get; init; } = static tables => tables;

    /// <summary>Around each account's key vault.</summary>
    public Func<IKeyWrapper, IKeyWrapper> Vault { get; init; } = static vault => vault;

    /// <summary>Runs after the composition.</summary>
    public Action<IServiceCollection> Services { get; init; } = static _ => { };

    public override string ToString() => nameof(Interference);
}

using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;

namespace Relay.Privacy.Story;

/// <summary>A storage account in memory, so that every byte of it can be looked at, and the vault of the role that owns it.</summary>
internal sealed class Account(string name, TimeProvider time, IKeyWrapper vault)
{
    public string Name { get; } = name;

    public MemoryTableStore Tables { get; } = new();

    public MemoryQueueStore Queues { get; } = new(time);

    public IKeyWrapper Vault { get; } = vault;

    /// <summary>All of it, as a thief would copy it.</summary>
    public AccountCopy Copy() => new(this, Tables.Everything(), Queues.Everything());
}

/// <summary>What lay in an account at one moment.</summary>
internal sealed record AccountCopy(Account Account, IReadOnlyList<(string Table, TableRow Row)> Rows, IReadOnlyList<(string Queue, string Body)> Messages)
{
    public IEnumerable<TableRow> Of(string table) => Rows.Where(entry => entry.Table == table).Select(entry => entry.Row);

    public override string ToString() => Account.Name;
}

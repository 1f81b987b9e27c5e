using Relay.Shared.Storage;
using Relay.Shared.Transport.Numbers;

namespace Relay.Shared.Transport.Pushes;

/// <summary>Row <c>swept/P</c> of table <c>expiry</c>: the business at which the last run of <see cref="SweepPushes"/> had no more time; absent when it had.</summary>
public sealed class SweepPosition(TransportStorage storage)
{
    private const string Partition = "swept";
    private const string Row = "P";
    private const string ThroughColumn = "through";

    internal async Task<NumberHash?> FindAsync(CancellationToken cancellationToken) =>
        await storage.Tables.GetAsync(TableNames.Expiry, Partition, Row, cancellationToken) is { } row
        && NumberHash.TryParse(row.Get(ThroughColumn, string.Empty), out NumberHash through)
            ? through
            : null;

    internal Task SetAsync(NumberHash through, CancellationToken cancellationToken) =>
        CommitAsync(TableWrite.Upsert(Row, new Dictionary<string, object> { [ThroughColumn] = through.Hex }), cancellationToken);

    internal Task RemoveAsync(CancellationToken cancellationToken) => CommitAsync(TableWrite.Delete(Row, null), cancellationToken);

    private Task<CommitResult> CommitAsync(TableWrite write, CancellationToken cancellationToken) =>
        storage.Tables.CommitAsync(TableNames.Expiry, Partition, [write], cancellationToken);
}

using Relay.Shared.Storage;

namespace Relay.Shared.Transport.Expiry;

/// <summary>Partition <c>swept</c> of table <c>expiry</c>, a row for each timer: how far its last run came that had no more time; absent when it had.</summary>
public sealed class TimerPosition(TransportStorage storage)
{
    /// <summary>Of <see cref="Pushes.SweepPushes"/>.</summary>
    internal const string Pushes = "P";

    /// <summary>Of <see cref="Integrity.Standing.RateBusinesses"/>.</summary>
    internal const string Ratings = "R";

    private const string Partition = "swept";
    private const string ThroughColumn = "through";

    internal async Task<string?> FindAsync(string timer, CancellationToken cancellationToken) =>
        (await storage.Tables.GetAsync(TableNames.Expiry, Partition, timer, cancellationToken))?.Get<string>(ThroughColumn, string.Empty) is { Length: > 0 } through ? through : null;

    internal Task SetAsync(string timer, string through, CancellationToken cancellationToken) =>
        CommitAsync(TableWrite.Upsert(timer, new Dictionary<string, object> { [ThroughColumn] = through }), cancellationToken);

    internal Task RemoveAsync(string timer, CancellationToken cancellationToken) => CommitAsync(TableWrite.Delete(timer, null), cancellationToken);

    private Task<CommitResult> CommitAsync(TableWrite write, CancellationToken cancellationToken) =>
        storage.Tables.CommitAsync(TableNames.Expiry, Partition, [write], cancellationToken);
}

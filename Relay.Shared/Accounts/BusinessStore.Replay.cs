using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Accounts;

/// <summary>
/// Row <c>replay</c> beside a business that has (or had) a replay window: <c>set</c> when it was set, <c>position</c> how far payloads older than
/// the window are erased. Setting the window starts that anew.
/// </summary>
public sealed partial class BusinessStore
{
    private const string ErasureRow = "replay";
    private const string SetColumn = "set";
    private const string PositionColumn = "position";

    /// <summary>False when there is no such business.</summary>
    public async Task<bool> SetReplayWindowAsync(BusinessId id, ReplayWindow window, DateTimeOffset now, CancellationToken cancellationToken)
    {
        TableWrite[] writes =
        [
            TableWrite.Merge(Row, null, new Dictionary<string, object> { [ReplayColumn] = window.Days }),
            TableWrite.Upsert(ErasureRow, new Dictionary<string, object> { [SetColumn] = now.ToUnixTimeMilliseconds() }),
        ];
        return (await tables.CommitAsync(TableNames.Businesses, id.Value, writes, cancellationToken)).IsSaved;
    }

    /// <summary>Null for a business that never had a window, or has none any more and nothing left to erase.</summary>
    internal async Task<ReplayErasure?> FindErasureAsync(BusinessId id, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Businesses, id.Value, ErasureRow, cancellationToken) is { } row
            ? new ReplayErasure(DateTimeOffset.FromUnixTimeMilliseconds(row.Get<long>(SetColumn)), row.Get(PositionColumn, string.Empty), row.ETag)
            : null;

    /// <summary>Notes how far it is; the new ETag, or null when the window was set meanwhile.</summary>
    internal async Task<string?> SaveErasureAsync(BusinessId id, ReplayErasure erasure, CancellationToken cancellationToken)
    {
        TableWrite write = TableWrite.Merge(ErasureRow, erasure.ETag, new Dictionary<string, object> { [PositionColumn] = erasure.Position });
        CommitResult result = await tables.CommitAsync(TableNames.Businesses, id.Value, [write], cancellationToken);
        return result.IsSaved ? result.ETags[0] : null;
    }

    /// <summary>Nothing is left to erase, and nothing will be kept.</summary>
    internal Task EndErasureAsync(BusinessId id, ReplayErasure erasure, CancellationToken cancellationToken) =>
        tables.CommitAsync(TableNames.Businesses, id.Value, [TableWrite.Delete(ErasureRow, erasure.ETag)], cancellationToken);
}

/// <param name="SetAt">When the window was set.</param>
/// <param name="Position">How far it is; empty before the first run.</param>
/// <param name="ETag">Guards what is written of it.</param>
internal sealed record ReplayErasure(DateTimeOffset SetAt, string Position, string ETag);

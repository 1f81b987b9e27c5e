using System.Runtime.CompilerServices;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Transport.Integrity;

/// <summary>
/// Table <c>signals</c>, partition <c>all</c>: a row for each business, by which the timers find what lies of it. Whoever inserts something of a business lists it first, at the latest
/// on that day; an entry ends only when it is from before yesterday, so that nothing that was begun then is left unlisted.
/// </summary>
public sealed class ListedBusinesses(TransportStorage storage, TimeProvider time)
{
    internal const string Partition = "all";

    private const string DayColumn = "day";

    /// <summary>Lets the timers find a business; may be repeated.</summary>
    internal Task AddAsync(string business, CancellationToken cancellationToken) => storage.Tables.CommitAsync(
        TableNames.Signals,
        Partition,
        [TableWrite.Upsert(business, new Dictionary<string, object> { [DayColumn] = UtcDay.Today(time).Key })],
        cancellationToken);

    /// <summary>All of them, in one order for all calls, those behind <paramref name="after"/>.</summary>
    internal async IAsyncEnumerable<string> ReadAsync(string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TableRange range = new(Partition, after is null ? null : after + "\u0001", null, int.MaxValue);
        await foreach (TableRow row in storage.Tables.QueryAsync(TableNames.Signals, range, cancellationToken))
        {
            yield return row.RowKey;
        }
    }

    /// <summary>The entry of a business, when it is old enough to end; otherwise null.</summary>
    internal async Task<TableRow?> FindOldAsync(string business, CancellationToken cancellationToken) =>
        await storage.Tables.GetAsync(TableNames.Signals, Partition, business, cancellationToken) is { } row
        && !(UtcDay.TryParse(row.Get(DayColumn, string.Empty), out UtcDay day) && day >= UtcDay.Today(time).AddDays(-1))
            ? row
            : null;

    /// <summary>Ends an entry, unless the business was listed anew.</summary>
    internal Task RemoveAsync(TableRow entry, CancellationToken cancellationToken) =>
        storage.Tables.CommitAsync(TableNames.Signals, Partition, [TableWrite.Delete(entry.RowKey, entry.ETag)], cancellationToken);
}

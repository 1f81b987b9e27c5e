using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Statistics;

namespace Relay.Shared.Transport.Integrity.Sketches;

/// <summary>Which users a sketch counts; the letter that its row key begins with.</summary>
public enum SketchKind
{
    /// <summary>Messaged outside of a service window, by the hour: what a tier limits.</summary>
    Initiated = 'i',

    /// <summary>Messaged at all, by the day.</summary>
    Messaged = 'm',

    /// <summary>Messaged within a service window, by the day: they had written.</summary>
    Served = 's',

    /// <summary>Reported or blocked the business, by the day.</summary>
    Complained = 'c',
}

/// <summary>
/// Table <c>signals</c>, sketches: PartitionKey the business, RowKey <c>{kind}-{key's day}-{hour or day}</c>, column <c>sketch</c> (<see cref="DistinctSketch"/>). Written by
/// compare and swap of what was merged: whoever loses merges into what the winner wrote. Before the first of an hour or a day the business is listed.
/// </summary>
public sealed class SketchStore(TransportStorage storage, ListedBusinesses listed)
{
    private const string SketchColumn = "sketch";

    private const int MaxRaces = 20;

    /// <summary>Hours of two days and some: no query reads more.</summary>
    private const int MaxRows = 60;

    internal static string RowKey(SketchKind kind, UtcDay keyDay, Hour hour) => $"{Prefix(kind, keyDay)}{hour.Key}";

    internal static string RowKey(SketchKind kind, UtcDay day) => $"{Prefix(kind, day)}{day.Key}";

    /// <summary>The sketches of hours from <paramref name="from"/> on, under one key.</summary>
    internal async Task<List<StoredSketch>> ReadHoursAsync(string business, SketchKind kind, UtcDay keyDay, Hour from, CancellationToken cancellationToken)
    {
        List<StoredSketch> sketches = [];
        TableRange range = TableRange.StartingWith(business, Prefix(kind, keyDay), MaxRows) with { FromRowKey = RowKey(kind, keyDay, from) };
        await foreach (TableRow row in storage.Tables.QueryAsync(TableNames.Signals, range, cancellationToken))
        {
            sketches.Add(Read(row));
        }

        return sketches;
    }

    /// <summary>The sketch in a row; an empty one where there is none.</summary>
    internal async Task<StoredSketch> FindAsync(string business, string rowKey, CancellationToken cancellationToken) =>
        await storage.Tables.GetAsync(TableNames.Signals, business, rowKey, cancellationToken) is { } row
            ? Read(row)
            : new StoredSketch(rowKey, new DistinctSketch(), null);

    /// <summary>Writes sketches of one business in one transaction, each if it is still what it was read as.</summary>
    internal async Task<CommitResult> SaveAsync(string business, IReadOnlyList<StoredSketch> sketches, CancellationToken cancellationToken)
    {
        if (business != ServiceCounts.Label && sketches.Any(sketch => sketch.ETag is null))
        {
            await listed.AddAsync(business, cancellationToken);
        }

        return await storage.Tables.CommitAsync(TableNames.Signals, business, [.. sketches.Select(Write)], cancellationToken);
    }

    /// <summary>Changes the sketch in a row, whoever else does; durable when it returns. May be repeated.</summary>
    /// <param name="business">Whose.</param>
    /// <param name="rowKey">Which.</param>
    /// <param name="change">Says whether it changed anything; may be called more than once.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task ChangeAsync(string business, string rowKey, Func<DistinctSketch, bool> change, CancellationToken cancellationToken)
    {
        for (int race = 0; race < MaxRaces; race++)
        {
            StoredSketch stored = await FindAsync(business, rowKey, cancellationToken);
            if (!change(stored.Sketch) || (await SaveAsync(business, [stored], cancellationToken)).IsSaved)
            {
                return;
            }
        }

        throw new StorageFaultException("table commit", TableNames.Signals, 412, null);
    }

    private static string Prefix(SketchKind kind, UtcDay keyDay) => $"{(char)kind}-{keyDay.Key}-";

    private static StoredSketch Read(TableRow row) => new(row.RowKey, DistinctSketch.Decode(row.Get<byte[]>(SketchColumn)), row.ETag);

    private static TableWrite Write(StoredSketch stored)
    {
        Dictionary<string, object> columns = new() { [SketchColumn] = stored.Sketch.Encode() };
        return stored.ETag is { } etag ? TableWrite.Replace(stored.RowKey, etag, columns) : TableWrite.Insert(stored.RowKey, columns);
    }
}

/// <param name="RowKey">Where it lies.</param>
/// <param name="Sketch">What it holds.</param>
/// <param name="ETag">As it was read; null when there is no row yet.</param>
internal sealed record StoredSketch(string RowKey, DistinctSketch Sketch, string? ETag);

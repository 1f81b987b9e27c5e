using Relay.Shared.Primitives;

namespace Relay.Shared.Storage;

/// <summary>Reads the rows of a partition page by page, forwards and backwards, in the order of their keys. Keys are letters and digits after their prefix.</summary>
internal static class TablePages
{
    /// <summary>Sorts after a key and before every key that begins with it.</summary>
    private const string JustAfter = "!";

    /// <summary>How many rows are read at most to find those before a cursor.</summary>
    private const int MaxBackwards = 70_000;

    /// <param name="tables">The tables.</param>
    /// <param name="table">Which.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="prefix">What the keys start with, and cursors leave out; may be empty.</param>
    /// <param name="position">Which page.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal static async Task<TablePage> ReadAsync(
        this ITableStore tables, string table, string partition, string prefix, ListPosition position, CancellationToken cancellationToken)
    {
        TableRange all = prefix.Length == 0 ? TableRange.Partition(partition, int.MaxValue) : TableRange.StartingWith(partition, prefix, int.MaxValue);
        TableRange range = position switch
        {
            { After: { } after } => all with { FromRowKey = prefix + after + JustAfter, Limit = position.Limit + 1 },
            { Before: { } before } => all with { BeforeRowKey = prefix + before, Limit = MaxBackwards },
            _ => all with { Limit = position.Limit + 1 },
        };
        Queue<TableRow> rows = new();
        bool isLeft = false;
        await foreach (TableRow row in tables.QueryAsync(table, range, cancellationToken))
        {
            rows.Enqueue(row);
            if (rows.Count > position.Limit)
            {
                isLeft = true;
                if (position.Before is null)
                {
                    break;
                }

                rows.Dequeue();
            }
        }

        return position.Before is not null
            ? new TablePage([.. rows], isLeft, rows.Count > 0)
            : new TablePage([.. rows.Take(position.Limit)], position.After is not null, isLeft);
    }
}

/// <param name="Rows">In the order of their keys.</param>
/// <param name="HasPrevious">Whether there is a page before; after a cursor it is taken for granted.</param>
/// <param name="HasNext">Whether there is a page after.</param>
internal sealed record TablePage(IReadOnlyList<TableRow> Rows, bool HasPrevious, bool HasNext);

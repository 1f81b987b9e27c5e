using System.Collections.Concurrent;
using Relay.Shared.Storage;

namespace Relay.Privacy.Watching;

/// <summary>When each row of table <c>lookup</c> came to be, as whoever watches the writes knows it. An erased user's row that is met again is the same row.</summary>
internal sealed class LookupAges(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Partition, string Row), DateTimeOffset> _firstSeen = [];

    public void Note(string table, string partitionKey, TableWrite write)
    {
        if (table == TableNames.Lookup && write.Kind != TableWriteKind.Delete)
        {
            _firstSeen.TryAdd((partitionKey, write.RowKey), time.GetUtcNow());
        }
    }

    /// <summary>The greatest age of the rows that are there; zero when none is.</summary>
    public TimeSpan Oldest(IEnumerable<TableRow> rows)
    {
        DateTimeOffset now = time.GetUtcNow();
        TimeSpan oldest = TimeSpan.Zero;
        foreach (TableRow row in rows)
        {
            // A row that nobody wrote in our sight is as old as can be.
            TimeSpan age = _firstSeen.TryGetValue((row.PartitionKey, row.RowKey), out DateTimeOffset first) ? now - first : TimeSpan.MaxValue;
            oldest = age > oldest ? age : oldest;
        }

        return oldest;
    }
}

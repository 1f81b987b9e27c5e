using Relay.Shared.Conversations;

namespace Relay.Shared.Webhooks;

/// <summary>
/// What of a conversation waits for a subscriber's next attempt, in order, so that nothing later goes before it; for a minute, then later events wait
/// no more. In this process only and bounded: across processes, and after a crash, order is best effort.
/// </summary>
public sealed class TellBacklog(TimeProvider time)
{
    /// <summary>How long what failed holds up what comes after it.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private const int MaxRows = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(EndpointKey, ConversationKey), Line> _lines = [];
    private int _count;

    /// <summary>Until when a new event has to wait; null when it need not.</summary>
    internal DateTimeOffset? WaitUntil(EndpointKey endpoint, ConversationKey key)
    {
        lock (_gate)
        {
            return Find(endpoint, key) is { Rows: [.., { } last] } ? last.Due : null;
        }
    }

    /// <summary>Puts a row at the end of its conversation's line, if it isn't in it.</summary>
    internal void Add(EndpointKey endpoint, ConversationKey key, string rowKey, DateTimeOffset due)
    {
        lock (_gate)
        {
            Line? line = Find(endpoint, key);
            if (line?.Rows.Exists(row => row.RowKey == rowKey) == true || (_count >= MaxRows && !MakeRoom()))
            {
                return;
            }

            if (line is null)
            {
                _lines[(endpoint, key)] = line = new Line();
            }

            line.Rows.Add(new WaitingRow(rowKey, time.GetUtcNow(), due));
            _count++;
        }
    }

    /// <summary>The first in line; null when nothing waits.</summary>
    internal WaitingRow? First(EndpointKey endpoint, ConversationKey key)
    {
        lock (_gate)
        {
            return Find(endpoint, key) is { Rows: [{ } first, ..] } ? first : null;
        }
    }

    /// <summary>The first in line, if <paramref name="rowKey"/> is in it and behind.</summary>
    internal WaitingRow? Before(EndpointKey endpoint, ConversationKey key, string rowKey)
    {
        lock (_gate)
        {
            return Find(endpoint, key) is { Rows: [{ } first, ..] rows } && rows.FindIndex(row => row.RowKey == rowKey) > 0 ? first : null;
        }
    }

    /// <summary>Notes when a row that is in line is due next; its place stays.</summary>
    internal void Defer(EndpointKey endpoint, ConversationKey key, string rowKey, DateTimeOffset due)
    {
        lock (_gate)
        {
            if (Find(endpoint, key) is { } line && line.Rows.FindIndex(row => row.RowKey == rowKey) is >= 0 and var index)
            {
                line.Rows[index] = line.Rows[index] with { Due = due };
            }
        }
    }

    internal void Remove(EndpointKey endpoint, ConversationKey key, string rowKey)
    {
        lock (_gate)
        {
            if (_lines.TryGetValue((endpoint, key), out Line? line))
            {
                _count -= line.Rows.RemoveAll(row => row.RowKey == rowKey);
                Drop(endpoint, key, line);
            }
        }
    }

    /// <summary>Lets one handler at a time go along a conversation's line; null when another one does.</summary>
    internal IDisposable? TryLead(EndpointKey endpoint, ConversationKey key)
    {
        lock (_gate)
        {
            Line? line = Find(endpoint, key);
            if (line is null)
            {
                _lines[(endpoint, key)] = line = new Line();
            }

            if (line.IsLed)
            {
                return null;
            }

            line.IsLed = true;
            return new Leader(this, endpoint, key, line);
        }
    }

    private Line? Find(EndpointKey endpoint, ConversationKey key)
    {
        if (!_lines.TryGetValue((endpoint, key), out Line? line))
        {
            return null;
        }

        DateTimeOffset oldest = time.GetUtcNow() - Patience;
        _count -= line.Rows.RemoveAll(row => row.Since <= oldest);
        return Drop(endpoint, key, line) ? null : line;
    }

    private bool Drop(EndpointKey endpoint, ConversationKey key, Line line)
    {
        if (line.Rows.Count > 0 || line.IsLed)
        {
            return false;
        }

        _lines.Remove((endpoint, key));
        return true;
    }

    private bool MakeRoom()
    {
        foreach ((EndpointKey endpoint, ConversationKey key) in _lines.Keys.ToList())
        {
            Find(endpoint, key);
        }

        return _count < MaxRows;
    }

    private sealed class Line
    {
        internal List<WaitingRow> Rows { get; } = [];

        internal bool IsLed { get; set; }
    }

    private sealed class Leader(TellBacklog backlog, EndpointKey endpoint, ConversationKey key, Line line) : IDisposable
    {
        public void Dispose()
        {
            lock (backlog._gate)
            {
                line.IsLed = false;
                backlog.Drop(endpoint, key, line);
            }
        }
    }
}

/// <param name="RowKey">The row.</param>
/// <param name="Since">When it began to wait.</param>
/// <param name="Due">When its next attempt is due.</param>
internal sealed record WaitingRow(string RowKey, DateTimeOffset Since, DateTimeOffset Due);

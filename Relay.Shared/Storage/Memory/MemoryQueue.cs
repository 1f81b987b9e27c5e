using System.Globalization;

namespace Relay.Shared.Storage.Memory;

/// <summary>One queue: messages ordered by the time they become visible, and by the time they end; every step is O(log n).</summary>
internal sealed class MemoryQueue
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Message> _byId = new(StringComparer.Ordinal);
    private readonly SortedSet<Message> _byVisibility = new(Comparer<Message>.Create(
        static (a, b) => a.VisibleAt != b.VisibleAt ? a.VisibleAt.CompareTo(b.VisibleAt) : a.Number.CompareTo(b.Number)));
    private readonly SortedSet<Message> _byEnd = new(Comparer<Message>.Create(
        static (a, b) => a.EndsAt != b.EndsAt ? a.EndsAt.CompareTo(b.EndsAt) : a.Number.CompareTo(b.Number)));
    private long _numbers;
    private long _receipts;

    public void Send(string body, DateTimeOffset visibleAt, DateTimeOffset endsAt)
    {
        lock (_gate)
        {
            Message message = new(++_numbers, body, endsAt) { VisibleAt = visibleAt };
            _byId.Add(message.Id, message);
            _byVisibility.Add(message);
            _byEnd.Add(message);
        }
    }

    public List<QueueItem> Receive(int max, DateTimeOffset now, TimeSpan visibility)
    {
        List<QueueItem> items = [];
        lock (_gate)
        {
            DropEnded(now);
            while (items.Count < max && _byVisibility.Min is { } message && message.VisibleAt <= now)
            {
                message.DequeueCount++;
                items.Add(Move(message, now + visibility));
            }
        }

        return items;
    }

    public bool Delete(QueueItem item, DateTimeOffset now)
    {
        lock (_gate)
        {
            DropEnded(now);
            if (Held(item) is not { } message)
            {
                return false;
            }

            Remove(message);
            return true;
        }
    }

    public QueueItem? Hide(QueueItem item, DateTimeOffset now, TimeSpan visibility)
    {
        lock (_gate)
        {
            DropEnded(now);
            return Held(item) is { } message ? Move(message, now + visibility) : null;
        }
    }

    public int Count(DateTimeOffset now)
    {
        lock (_gate)
        {
            DropEnded(now);
            return _byId.Count;
        }
    }

    public IReadOnlyList<string> Bodies(DateTimeOffset now)
    {
        lock (_gate)
        {
            DropEnded(now);
            return [.. _byVisibility.Select(message => message.Body)];
        }
    }

    public bool HasVisible(DateTimeOffset now)
    {
        lock (_gate)
        {
            DropEnded(now);
            return _byVisibility.Min is { } message && message.VisibleAt <= now;
        }
    }

    /// <summary>A receipt stays good after its time has run out, until somebody else takes the message: as in Azure.</summary>
    private Message? Held(QueueItem item) =>
        _byId.TryGetValue(item.Id, out Message? message) && string.Equals(message.Receipt, item.Receipt, StringComparison.Ordinal) ? message : null;

    private QueueItem Move(Message message, DateTimeOffset visibleAt)
    {
        _byVisibility.Remove(message);
        message.VisibleAt = visibleAt;
        message.Receipt = (++_receipts).ToString("x", CultureInfo.InvariantCulture);
        _byVisibility.Add(message);
        return new QueueItem(message.Id, message.Receipt, message.Body, message.DequeueCount);
    }

    private void DropEnded(DateTimeOffset now)
    {
        while (_byEnd.Min is { } message && message.EndsAt <= now)
        {
            Remove(message);
        }
    }

    private void Remove(Message message)
    {
        _byId.Remove(message.Id);
        _byVisibility.Remove(message);
        _byEnd.Remove(message);
    }

    private sealed class Message(long number, string body, DateTimeOffset endsAt)
    {
        public long Number { get; } = number;

        public string Id { get; } = number.ToString("x", CultureInfo.InvariantCulture);

        public string Body { get; } = body;

        public DateTimeOffset EndsAt { get; } = endsAt;

        public DateTimeOffset VisibleAt { get; set; }

        public string Receipt { get; set; } = "";

        public long DequeueCount { get; set; }
    }
}

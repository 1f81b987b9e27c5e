using System.Threading.Channels;
using Relay.Shared.Storage;

namespace Relay.Tests.Support;

/// <summary>Queues in memory on a virtual clock that can be told to fail and tell what was asked of them.</summary>
internal sealed class ScriptedQueueStore(TimeProvider time) : IQueueStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Entry>> _queues = [];
    private readonly Channel<string> _receives = Channel.CreateUnbounded<string>();
    private readonly Channel<TimeSpan> _hides = Channel.CreateUnbounded<TimeSpan>();
    private int _ids;

    /// <summary>Called before each operation with its name; throws to make it fail.</summary>
    public Action<string> Before { get; set; } = _ => { };

    public int LargestBatch { get; private set; }

    public IReadOnlyCollection<string> Queues
    {
        get
        {
            lock (_lock)
            {
                return [.. _queues.Keys.Order(StringComparer.Ordinal)];
            }
        }
    }

    public ValueTask<string> NextReceiveAsync(CancellationToken cancellationToken) => _receives.Reader.ReadAsync(cancellationToken);

    public ValueTask<TimeSpan> NextHideAsync(CancellationToken cancellationToken) => _hides.Reader.ReadAsync(cancellationToken);

    public IReadOnlyList<string> Bodies(string queue)
    {
        lock (_lock)
        {
            return [.. _queues[queue].Select(entry => entry.Body)];
        }
    }

    /// <summary>Gives every message a new receipt, as when another host has taken it.</summary>
    public void Steal(string queue)
    {
        lock (_lock)
        {
            _queues[queue].ForEach(entry => entry.Receipt++);
        }
    }

    public Task SendAsync(string queue, string body, TimeSpan delay, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        Before(nameof(SendAsync));
        lock (_lock)
        {
            _queues[queue].Add(new Entry { Id = $"m{++_ids}", Body = body, VisibleAt = time.GetUtcNow() + delay });
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<QueueItem>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellationToken)
    {
        Before(nameof(ReceiveAsync));
        lock (_lock)
        {
            LargestBatch = Math.Max(LargestBatch, max);
            var now = time.GetUtcNow();
            var taken = _queues[queue].Where(entry => entry.VisibleAt <= now).Take(max).ToList();
            foreach (var entry in taken)
            {
                entry.VisibleAt = now + visibility;
                entry.Receipt++;
                entry.DequeueCount++;
            }

            _receives.Writer.TryWrite(queue);
            return Task.FromResult<IReadOnlyList<QueueItem>>([.. taken.Select(entry => entry.ToItem())]);
        }
    }

    public Task<bool> DeleteAsync(string queue, QueueItem item, CancellationToken cancellationToken)
    {
        Before(nameof(DeleteAsync));
        lock (_lock)
        {
            return Task.FromResult(_queues[queue].RemoveAll(entry => entry.Is(item)) > 0);
        }
    }

    public Task<QueueItem?> HideAsync(string queue, QueueItem item, TimeSpan visibility, CancellationToken cancellationToken)
    {
        try
        {
            Before(nameof(HideAsync));
            lock (_lock)
            {
                if (_queues[queue].Find(entry => entry.Is(item)) is not { } found)
                {
                    return Task.FromResult<QueueItem?>(null);
                }

                found.VisibleAt = time.GetUtcNow() + visibility;
                found.Receipt++;
                return Task.FromResult<QueueItem?>(found.ToItem());
            }
        }
        finally
        {
            _hides.Writer.TryWrite(visibility);
        }
    }

    public Task<int> CountAsync(string queue, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_queues[queue].Count);
        }
    }

    public Task EnsureQueuesAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var queue in queues)
            {
                _queues.TryAdd(queue, []);
            }
        }

        return Task.CompletedTask;
    }

    private sealed class Entry
    {
        public required string Id { get; init; }

        public required string Body { get; init; }

        public DateTimeOffset VisibleAt { get; set; }

        public long DequeueCount { get; set; }

        public int Receipt { get; set; }

        public bool Is(QueueItem item) => item.Id == Id && item.Receipt == $"{Receipt}";

        public QueueItem ToItem() => new(Id, $"{Receipt}", Body, DequeueCount);
    }
}

using System.Collections.Concurrent;
using Relay.Shared.Storage;

namespace Relay.Benchmarks.Bare;

/// <summary>A queue that callers share as handlers share a listener's batches: one take of up to 32 messages serves whoever waits.</summary>
internal sealed class TakenTogether(IQueueStore store, string queue) : IDisposable
{
    private static readonly TimeSpan Hidden = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<QueueItem> _taken = new();
    private readonly SemaphoreSlim _one = new(1, 1);

    public void Dispose() => _one.Dispose();

    public async Task<QueueItem> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_taken.TryDequeue(out QueueItem? item))
            {
                return item;
            }

            await _one.WaitAsync(cancellationToken);
            try
            {
                if (_taken.IsEmpty)
                {
                    foreach (QueueItem one in await store.ReceiveAsync(queue, QueueLimits.MaxReceive, Hidden, cancellationToken))
                    {
                        _taken.Enqueue(one);
                    }
                }
            }
            finally
            {
                _one.Release();
            }
        }
    }
}

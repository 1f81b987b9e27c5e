using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Relay.Tests.LocalHost;

/// <summary>What sample functions did, and a gate to hold them at.</summary>
public sealed class Probe : IDisposable
{
    private readonly Channel<string> _started = Channel.CreateUnbounded<string>();
    private readonly SemaphoreSlim _gate = new(0);
    private readonly Lock _lock = new();
    private int _running;

    public ConcurrentQueue<string> Calls { get; } = new();

    public int MostAtOnce { get; private set; }

    /// <summary>When set, a function fails while this says so of its message.</summary>
    public Func<string, bool> Fails { get; set; } = _ => false;

    public void Note(string call)
    {
        Calls.Enqueue(call);
        _started.Writer.TryWrite(call);
    }

    public ValueTask<string> NextCallAsync(CancellationToken cancellationToken) => _started.Reader.ReadAsync(cancellationToken);

    public void Release(int count) => _gate.Release(count);

    public void Dispose() => _gate.Dispose();

    public async Task HoldAsync(string call, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            MostAtOnce = Math.Max(MostAtOnce, ++_running);
        }

        try
        {
            Note(call);
            await _gate.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_lock)
            {
                _running--;
            }
        }
    }
}

/// <summary>One per scope.</summary>
public sealed class PerCall
{
    private static int _count;

    public int Number { get; } = Interlocked.Increment(ref _count);
}

using System.Diagnostics;

namespace Relay.Benchmarks.Measuring;

/// <summary>How much the process's memory rises while something is done: the highest of many looks, less what it was before, after a full collection.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private const double MiB = 1024 * 1024;

    private readonly Process _process = Process.GetCurrentProcess();
    private readonly Timer _timer;
    private readonly long _workingSetBefore;
    private readonly long _heapBefore;
    private long _workingSet;
    private long _heap;

    private MemoryWatch()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        _process.Refresh();
        _workingSetBefore = _process.WorkingSet64;
        _heapBefore = GC.GetTotalMemory(forceFullCollection: false);
        _timer = new Timer(_ => Look(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(20));
    }

    public double WorkingSetRise => Math.Max(0, Interlocked.Read(ref _workingSet) - _workingSetBefore) / MiB;

    public double HeapRise => Math.Max(0, Interlocked.Read(ref _heap) - _heapBefore) / MiB;

    public static MemoryWatch Start() => new();

    public void Dispose()
    {
        _timer.Dispose();
        _process.Dispose();
    }

    private void Look()
    {
        try
        {
            _process.Refresh();
            Raise(ref _workingSet, _process.WorkingSet64);
            Raise(ref _heap, GC.GetTotalMemory(forceFullCollection: false));
        }
        catch (InvalidOperationException)
        {
            // The last look comes after the end.
        }
    }

    private static void Raise(ref long most, long now)
    {
        long before = Interlocked.Read(ref most);
        while (now > before)
        {
            long seen = Interlocked.CompareExchange(ref most, now, before);
            before = seen == before ? now : seen;
        }
    }
}

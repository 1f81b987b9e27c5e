using System.Diagnostics;

namespace Relay.Tests.Simulation;

/// <summary>
/// The one thread of a simulated world. What is ready runs in the order in which it became so; a continuation that would go to another
/// thread is an error, since it would make a seed's run another one.
/// </summary>
internal sealed class SimulatedThread : SynchronizationContext
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly Queue<(Action Run, bool IsBare)> _ready = new();
    private StackTrace? _strayed;

    public override void Post(SendOrPostCallback d, object? state) => Add(() => d(state), isBare: false);

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();

    /// <summary>Starts work whose faults its own code must deal with.</summary>
    /// <param name="work">The work.</param>
    /// <param name="onFault">Is told what it lets out all the same.</param>
    public void Start(Func<Task> work, Action<Exception> onFault) => Add(() => _ = WatchAsync(work, onFault), isBare: false);

    /// <summary>
    /// Fulfils a promise. Without a context around it: the framework's own code, which never asks for one, then goes on right here, where
    /// under a context it would be sent to the thread pool.
    /// </summary>
    public void Fulfil(Action promise) => Add(promise, isBare: true);

    /// <summary>Runs until nothing is ready.</summary>
    public void RunReady()
    {
        SynchronizationContext? outer = Current;
        try
        {
            while (TryTake(out (Action Run, bool IsBare) next))
            {
                SetSynchronizationContext(next.IsBare ? null : this);
                next.Run();
            }
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    /// <exception cref="InvalidOperationException">A continuation came from elsewhere: this run can't be repeated.</exception>
    public void ThrowIfStrayed()
    {
        if (_strayed is { } trace)
        {
            throw new InvalidOperationException("A continuation has left the simulated thread: " + trace);
        }
    }

    private bool TryTake(out (Action Run, bool IsBare) next)
    {
        lock (_ready)
        {
            return _ready.TryDequeue(out next);
        }
    }

    private static async Task WatchAsync(Func<Task> work, Action<Exception> onFault)
    {
        try
        {
            await work();
        }
        catch (Exception e)
        {
            onFault(e);
        }
    }

    private void Add(Action run, bool isBare)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            _strayed = new StackTrace();
        }

        lock (_ready)
        {
            _ready.Enqueue((run, isBare));
        }
    }
}

namespace Relay.LocalHost;

/// <summary>Counts runs, and lets others wait until few enough are left.</summary>
internal sealed class InFlight
{
    private readonly Lock _lock = new();
    private readonly List<(int Limit, TaskCompletionSource Reached)> _waiting = [];
    private int _running;
    private long _started;

    public void Enter()
    {
        lock (_lock)
        {
            _running++;
            _started++;
        }
    }

    public void Exit()
    {
        lock (_lock)
        {
            _running--;
            foreach (var waiter in _waiting.Where(waiter => _running <= waiter.Limit))
            {
                waiter.Reached.TrySetResult();
            }

            _waiting.RemoveAll(waiter => waiter.Reached.Task.IsCompleted);
        }
    }

    /// <summary>Completes at a moment when at most <paramref name="limit"/> run. By the time the caller goes on, more may.</summary>
    public Task WhenAtMostAsync(int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_running <= limit)
            {
                return cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((limit, reached));
            return reached.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>True when nothing runs now; then <paramref name="started"/> tells how many runs there have ever been.</summary>
    public bool IsIdle(out long started)
    {
        lock (_lock)
        {
            started = _started;
            return _running == 0;
        }
    }
}

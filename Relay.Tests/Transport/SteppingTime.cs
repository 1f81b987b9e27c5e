using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Relay.Tests.Transport;

/// <summary>A clock that only tests move, and that lets them wait until somebody waits for it.</summary>
internal sealed class SteppingTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly SemaphoreSlim _timers = new(0);
    private readonly ConcurrentQueue<TimeSpan> _dues = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _dues.Enqueue(dueTime);
        _timers.Release();
        return timer;
    }

    /// <summary>Moves the clock to where each new timer waits for it, until the task is done.</summary>
    public async Task<T> StepUntilDoneAsync<T>(Task<T> task)
    {
        while (await Task.WhenAny(task, _timers.WaitAsync()) != task)
        {
            if (_dues.TryDequeue(out TimeSpan due) && due > TimeSpan.Zero)
            {
                Advance(due);
            }
        }

        return await task;
    }
}

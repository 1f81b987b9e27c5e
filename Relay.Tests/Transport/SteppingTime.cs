using Microsoft.Extensions.Time.Testing;

namespace Relay.Tests.Transport;

/// <summary>A clock that only tests move, and that lets them wait until somebody waits for it.</summary>
internal sealed class SteppingTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly SemaphoreSlim _timers = new(0);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Release();
        return timer;
    }

    /// <summary>Moves the clock by <paramref name="step"/> each time a new timer waits for it, until the task is done.</summary>
    public async Task<T> StepUntilDoneAsync<T>(Task<T> task, TimeSpan step)
    {
        while (await Task.WhenAny(task, _timers.WaitAsync()) != task)
        {
            Advance(step);
        }

        return await task;
    }
}

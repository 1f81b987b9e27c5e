namespace Relay.LocalHost;

/// <summary>Ends one sleeper's pause early. A signal that comes while nobody sleeps ends the next pause.</summary>
internal sealed class WakeUp(TimeProvider time)
{
    private TaskCompletionSource _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Set() => Volatile.Read(ref _signal).TrySetResult();

    /// <summary>Returns after <paramref name="atMost"/>, at a signal or at cancellation, whichever is first. One caller at a time.</summary>
    public async Task SleepAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var signal = Volatile.Read(ref _signal).Task;
        await Task.WhenAny(signal, Task.Delay(atMost, time, ended.Token));
        await ended.CancelAsync();

        // A signal that falls between the end of the sleep and this line is lost, and may be: what it announced was there
        // before it, and the sleeper looks after this line.
        if (signal.IsCompleted)
        {
            Volatile.Write(ref _signal, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }
}

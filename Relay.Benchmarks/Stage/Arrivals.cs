using System.Collections.Concurrent;

namespace Relay.Benchmarks.Stage;

/// <summary>Ends the waits for texts that have come out at one end.</summary>
internal sealed class Arrivals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waits = new(StringComparer.Ordinal);

    /// <summary>Completes when this text has come out. To be asked for before it is sent.</summary>
    public Task WhenAsync(string text) =>
        _waits.GetOrAdd(text, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Note(string? text)
    {
        if (text is not null && _waits.TryRemove(text, out TaskCompletionSource? wait))
        {
            wait.SetResult();
        }
    }
}

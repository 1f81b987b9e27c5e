namespace Relay.Shared.Media;

/// <summary>
/// Lets one at a time in this process fetch or encrypt one file; who comes meanwhile gets what that run gets, its failure too, so that nobody waits longer than for one
/// run. An optimisation only: two processes may do the same twice.
/// </summary>
internal sealed class SharedRuns<T>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<T>> _runs = new(StringComparer.Ordinal);

    internal async Task<T> ExecuteAsync(string key, Func<Task<T>> run, CancellationToken cancellationToken)
    {
        TaskCompletionSource<T> own = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<T>? under;
        lock (_lock)
        {
            if (!_runs.TryGetValue(key, out under))
            {
                _runs[key] = own.Task;
            }
        }

        return under is null ? await LeadAsync(key, run, own) : await under.WaitAsync(cancellationToken);
    }

    private async Task<T> LeadAsync(string key, Func<Task<T>> run, TaskCompletionSource<T> own)
    {
        try
        {
            T result = await run();
            own.SetResult(result);
            return result;
        }
        catch (Exception exception)
        {
            // Who waited was not cancelled, and may try again.
            own.SetException(exception is OperationCanceledException ? new TimeoutException("The run that was waited for was cancelled.", exception) : exception);
            _ = own.Task.Exception;
            throw;
        }
        finally
        {
            lock (_lock)
            {
                _runs.Remove(key);
            }
        }
    }
}

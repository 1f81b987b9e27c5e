namespace Relay.Tests.Simulation;

/// <summary>A call that has left its process and was not done yet: the schedule says when, and what it meets.</summary>
internal abstract class SimulatedCall(SimulatedProcess process, string name, string target, string detail)
{
    public SimulatedProcess Process { get; } = process;

    /// <summary>For instance <c>table:commit</c>.</summary>
    public string Name { get; } = name;

    public string Target { get; } = target;

    public string Flow { get; } = SimulatedFlow.Current.Name;

    public bool IsRead => Name is "table:get" or "table:query";

    /// <summary>Does it; the caller hears of it when it is told to.</summary>
    public abstract Task DoAsync(bool isAnswered);

    /// <summary>Does it at a time when its caller has long stopped waiting.</summary>
    public abstract Task DoLateAsync();

    /// <summary>Answers without doing it.</summary>
    public abstract void Refuse(SimulatedFault fault);

    public sealed override string ToString() => $"{Process} {Flow}: {Name} {Target}{(detail.Length == 0 ? "" : " " + detail)}";
}

/// <param name="thread">Where the caller goes on.</param>
/// <param name="process">Who calls.</param>
/// <param name="what">Name, target and detail, without content.</param>
/// <param name="act">Does it.</param>
/// <param name="late">Does it from copies of its arguments.</param>
/// <param name="refuse">What the caller gets instead: an answer, or an exception.</param>
internal sealed class SimulatedCall<T>(
    SimulatedThread thread,
    SimulatedProcess process,
    (string Name, string Target, string Detail) what,
    Func<Task<T>> act,
    Func<Task> late,
    Func<SimulatedFault, T> refuse) : SimulatedCall(process, what.Name, what.Target, what.Detail)
{
    private readonly TaskCompletionSource<T> _answer = new();

    public Task<T> Answer => _answer.Task;

    public override async Task DoAsync(bool isAnswered)
    {
        T result;
        try
        {
            result = await act();
        }
        catch (Exception e)
        {
            Tell(isAnswered, () => _answer.TrySetException(e));
            return;
        }

        Tell(isAnswered, () => _answer.TrySetResult(result));
    }

    public override Task DoLateAsync() => late();

    public override void Refuse(SimulatedFault fault)
    {
        try
        {
            T instead = refuse(fault);
            Tell(true, () => _answer.TrySetResult(instead));
        }
        catch (Exception e)
        {
            Tell(true, () => _answer.TrySetException(e));
        }
    }

    /// <summary>The caller has stopped waiting.</summary>
    public void GiveUp(CancellationToken token) => Tell(true, () => _answer.TrySetCanceled(token));

    private void Tell(bool isAnswered, Action promise)
    {
        if (isAnswered)
        {
            thread.Fulfil(() =>
            {
                if (!Process.IsDead)
                {
                    promise();
                }
            });
        }
    }
}

using System.Globalization;
using Relay.Shared.Storage;

namespace Relay.Tests.Support;

/// <summary>What happens at a call.</summary>
public enum Fault
{
    /// <summary>The process dies before the call: nothing is done.</summary>
    CrashBefore,

    /// <summary>The process dies after the call: it is done, nobody hears of it.</summary>
    CrashAfter,

    /// <summary>The call isn't done and the process gets a <see cref="StorageFaultException"/>.</summary>
    RequestLost,

    /// <summary>The call is done and the process gets a <see cref="StorageFaultException"/>.</summary>
    ReplyLost,

    /// <summary>As <see cref="RequestLost"/>, but the call is done when the plan is told to <see cref="FaultPlan.LandLateAsync"/>.</summary>
    LandsLate,
}

/// <summary>The process is dead. Nothing may catch this but the test.</summary>
public sealed class SimulatedCrashException(FaultyCall call) : Exception($"The process died at call {call}.")
{
    public FaultyCall Call { get; } = call;
}

/// <param name="Number">0 for the plan's first call.</param>
/// <param name="Process">Who calls, for instance <c>relay</c>.</param>
/// <param name="Name">What is called, for instance <c>table:commit</c> or <c>http:send</c>.</param>
/// <param name="Target">The table, the queue, the route.</param>
/// <param name="Detail">Kinds of the writes, for instance <c>Replace+Insert</c>; empty where there is none.</param>
public sealed record FaultyCall(int Number, string Process, string Name, string Target, string Detail)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"#{Number} {Process} {Name} {Target}{(Detail.Length == 0 ? "" : " " + Detail)}");
}

/// <summary>
/// Numbers every call that leaves a process (storage, HTTP) and makes chosen ones fail in a chosen way. After a crash all calls
/// of that process throw until <see cref="Restart(string)"/>, so no clean-up code can act after its death. May be used by many callers at once.
/// </summary>
/// <param name="choose">Which fault a call meets; null is none.</param>
public sealed class FaultPlan(Func<FaultyCall, Fault?> choose)
{
    private readonly Lock _gate = new();
    private readonly List<FaultyCall> _calls = [];
    private readonly List<FaultyCall> _struck = [];
    private readonly HashSet<string> _dead = new(StringComparer.Ordinal);
    private readonly Queue<Func<Task>> _late = new();

    /// <summary>Every call so far, in order; calls of a dead process don't count.</summary>
    public IReadOnlyList<FaultyCall> Calls => Copy(_calls);

    /// <summary>The calls that met a fault.</summary>
    public IReadOnlyList<FaultyCall> Struck => Copy(_struck);

    /// <summary>Set when what is tested is done: calls after that meet no fault and don't count.</summary>
    public bool IsOver { get; set; }

    public static FaultPlan Nothing() => new(_ => null);

    /// <summary>One fault at call <paramref name="number"/>.</summary>
    public static FaultPlan At(int number, Fault fault) => new(call => call.Number == number ? fault : null);

    /// <summary>Runs one call of a process under the plan.</summary>
    /// <param name="late">What lands late: the call again, from copies of its arguments. Null: <paramref name="call"/> itself.</param>
    public async Task<T> StepAsync<T>(string process, string name, string target, string detail, Func<Task<T>> call, Func<Task>? late = null)
    {
        (FaultyCall step, Fault? fault) = Enter(process, name, target, detail);
        switch (fault)
        {
            case null:
                return await call();
            case Fault.CrashBefore:
                throw new SimulatedCrashException(step);
            case Fault.CrashAfter:
                await call();
                throw new SimulatedCrashException(step);
            case Fault.ReplyLost:
                await call();
                break;
            case Fault.LandsLate:
                lock (_gate)
                {
                    _late.Enqueue(late ?? call);
                }

                break;
        }

        throw new StorageFaultException(name, target, 0, fault.ToString());
    }

    /// <summary>As <see cref="StepAsync{T}"/>, for a call that gives nothing back.</summary>
    public Task StepAsync(string process, string name, string target, string detail, Func<Task> call) =>
        StepAsync(process, name, target, detail, async () =>
        {
            await call();
            return true;
        });

    /// <summary>Whether some process has crashed and not started again.</summary>
    public bool IsAnyDead
    {
        get
        {
            lock (_gate)
            {
                return _dead.Count > 0;
            }
        }
    }

    /// <summary>For a call that changes nothing and so is no step: a dead process can't do even that.</summary>
    public void ThrowIfDead(string process, string name, string target)
    {
        lock (_gate)
        {
            if (_dead.Contains(process))
            {
                throw new SimulatedCrashException(new FaultyCall(_calls.Count, process, name, target, ""));
            }
        }
    }

    /// <summary>A process starts again after its crash (or goes on, if it had none).</summary>
    public void Restart(string process)
    {
        lock (_gate)
        {
            _dead.Remove(process);
        }
    }

    /// <summary>All processes start again.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            _dead.Clear();
        }
    }

    /// <summary>What was on its way arrives now, in order, and nobody hears whether it succeeded.</summary>
    public async Task LandLateAsync()
    {
        while (NextLate() is { } call)
        {
            await call();
        }
    }

    private (FaultyCall Step, Fault? Fault) Enter(string process, string name, string target, string detail)
    {
        lock (_gate)
        {
            FaultyCall step = new(_calls.Count, process, name, target, detail);
            if (_dead.Contains(process))
            {
                throw new SimulatedCrashException(step);
            }

            if (IsOver)
            {
                return (step, null);
            }

            _calls.Add(step);
            Fault? fault = choose(step);
            if (fault is not null)
            {
                _struck.Add(step);
            }

            if (fault is Fault.CrashBefore or Fault.CrashAfter)
            {
                // From this moment, also for the process's other callers.
                _dead.Add(process);
            }

            return (step, fault);
        }
    }

    private Func<Task>? NextLate()
    {
        lock (_gate)
        {
            return _late.TryDequeue(out Func<Task>? call) ? call : null;
        }
    }

    private List<FaultyCall> Copy(List<FaultyCall> list)
    {
        lock (_gate)
        {
            return [.. list];
        }
    }
}

using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Relay.Tests.Support;

namespace Relay.Tests.Simulation;

/// <summary>
/// Decides by its seed which of all pending calls is done next and what it meets. Nothing else moves time or work, so a seed is a run.
/// Remembers every step by kind and name, never by content.
/// </summary>
internal sealed class SimulatedSchedule(SeededRandom random, FakeTimeProvider time)
{
    private readonly List<SimulatedCall> _pending = [];
    private readonly List<SimulatedCall> _late = [];
    private readonly List<(DateTimeOffset Time, string Step)> _trace = [];

    public SimulatedThread Thread { get; } = new();

    public SeededRandom Random => random;

    public FakeTimeProvider Time => time;

    public FaultRates Rates { get; set; } = FaultRates.None;

    /// <summary>What is away altogether, whatever the rates.</summary>
    public Func<SimulatedCall, bool> IsAway { get; set; } = _ => false;

    public SimulationCounts Counts { get; } = new();

    /// <summary>All steps, one a line.</summary>
    public IEnumerable<string> Trace => _trace.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Time:dd HH:mm:ss.fff} {one.Step}"));

    /// <summary>All steps as one number: two runs with the same one took the same steps.</summary>
    public ulong Fingerprint { get; private set; } = 14695981039346656037;

    public bool HasPending => _pending.Count > 0;

    public bool HasLate => _late.Count > 0;

    /// <summary>Runs when a process dies at a call.</summary>
    public Action<SimulatedProcess> OnDeath { get; set; } = _ => { };

    /// <summary>What a step did that nobody should do.</summary>
    public Action<Exception> OnStrayFault { get; set; } = _ => { };

    /// <summary>A call leaves its process. A dead process's call goes nowhere and never comes back.</summary>
    public Task<T> CallAsync<T>(
        SimulatedProcess process,
        (string Name, string Target, string Detail) what,
        Func<Task<T>> act,
        Func<Task> late,
        Func<SimulatedFault, T> refuse,
        CancellationToken cancellationToken)
    {
        SimulatedCall<T> call = new(Thread, process, what, act, late, refuse);
        if (process.IsDead)
        {
            return call.Answer;
        }

        _pending.Add(call);
        if (cancellationToken.CanBeCanceled)
        {
            cancellationToken.UnsafeRegister(
                _ =>
                {
                    // Whoever it was on its way to may get it all the same.
                    if (_pending.Remove(call))
                    {
                        _late.Add(call);
                    }

                    call.GiveUp(cancellationToken);
                },
                null);
        }

        return call.Answer;
    }

    /// <summary>Does one pending call.</summary>
    public void Step()
    {
        int index = random.Below(_pending.Count);
        SimulatedCall call = _pending[index];
        _pending.RemoveAt(index);
        SimulatedFault fault = IsAway(call) ? SimulatedFault.Unavailable : Rates.Draw(random, call.IsRead);
        Note($"{call}{(fault == SimulatedFault.None ? "" : " -> " + fault)}");
        Counts.Step(fault);
        switch (fault)
        {
            case SimulatedFault.None:
                Start(() => call.DoAsync(isAnswered: true));
                break;
            case SimulatedFault.ReplyLost:
                Start(() => call.DoAsync(isAnswered: false));
                call.Refuse(fault);
                break;
            case SimulatedFault.LandsLate:
                _late.Add(call);
                call.Refuse(fault);
                break;
            case SimulatedFault.CrashBefore when call.Process is { MayDie: true }:
                if (!call.IsRead && random.Chance(30))
                {
                    _late.Add(call);
                }

                Kill(call.Process);
                break;
            case SimulatedFault.CrashAfter when call.Process is { MayDie: true }:
                Start(() => call.DoAsync(isAnswered: false));
                Kill(call.Process);
                break;
            default:
                call.Refuse(fault);
                break;
        }
    }

    /// <summary>One of the calls on their way arrives.</summary>
    public void Land()
    {
        int index = random.Below(_late.Count);
        SimulatedCall call = _late[index];
        _late.RemoveAt(index);
        Counts.Landed++;
        Note($"{call} lands");
        Start(call.DoLateAsync);
    }

    /// <summary>Starts something that an actor does.</summary>
    public void Begin(string flow, Func<Task> work) => Thread.Start(
        () =>
        {
            SimulatedFlow.Begin(flow);
            return work();
        },
        OnStrayFault);

    public void Note(string step)
    {
        foreach (char c in step)
        {
            Fingerprint = unchecked((Fingerprint ^ c) * 1099511628211);
        }

        _trace.Add((time.GetUtcNow(), step));
    }

    private void Start(Func<Task> work) => Begin("on its way", work);

    /// <summary>The process is gone, with all that it was waiting for.</summary>
    public void Kill(SimulatedProcess process)
    {
        process.Die();
        _pending.RemoveAll(pending => pending.Process == process);
        Counts.Crashes++;
        OnDeath(process);
    }
}

using Relay.LocalHost;
using Relay.Shared.Storage.Memory;

namespace Relay.Tests.Simulation;

/// <summary>The workers of one role. A dead one starts again, with nothing but its name and its wrong clock.</summary>
internal sealed class WorkerGroup
{
    private readonly SimulatedSchedule _schedule;
    private readonly MemoryQueueStore _queues;
    private readonly QueueFunction[] _functions;
    private readonly SimulatedWorker?[] _workers;
    private readonly TimeSpan[] _skews;
    private readonly Func<SimulatedProcess, TimeSpan, SimulatedWorker> _start;
    private readonly string _name;

    /// <param name="name">The role.</param>
    /// <param name="connection">Its storage account, as queue functions name it.</param>
    /// <param name="queues">That account's queues.</param>
    /// <param name="count">How many workers.</param>
    /// <param name="schedule">The world's.</param>
    /// <param name="start">Starts a process with its clock.</param>
    public WorkerGroup(
        string name, string connection, MemoryQueueStore queues, int count, SimulatedSchedule schedule, Func<SimulatedProcess, TimeSpan, SimulatedWorker> start)
    {
        (_name, _queues, _schedule, _start) = (name, queues, schedule, start);
        _functions = [.. SimulatedWorker.QueueFunctions(connection)];
        _workers = new SimulatedWorker?[count];
        _skews = [.. Enumerable.Range(0, count).Select(_ => SimulatedWorld.Skew(schedule.Random))];
    }

    public bool HasDead => _workers.Contains(null);

    public bool HasLive => _workers.Any(worker => worker is not null);

    public bool HasVisible => HasLive && _functions.Any(function => _queues.HasVisible(function.Queue));

    /// <summary>One of the dead, or at first of those that never ran, starts.</summary>
    public void Restart()
    {
        int[] dead = [.. Enumerable.Range(0, _workers.Length).Where(i => _workers[i] is null)];
        int index = dead[_schedule.Random.Below(dead.Length)];
        SimulatedProcess process = new($"{_name}-{index}", mayDie: true);
        _schedule.Note($"{process} starts");
        _workers[index] = _start(process, _skews[index]);
    }

    /// <summary>All die and start again: nothing is cached any more.</summary>
    public void RestartAll()
    {
        foreach (SimulatedWorker worker in _workers.OfType<SimulatedWorker>().ToArray())
        {
            _schedule.Kill(worker.Process);
        }

        StartAll();
    }

    public void StartAll()
    {
        while (HasDead)
        {
            Restart();
        }
    }

    public void Forget(SimulatedProcess dead)
    {
        int index = Array.FindIndex(_workers, worker => worker?.Process == dead);
        if (index >= 0)
        {
            _workers[index] = null;
        }
    }

    /// <summary>Somebody polls a queue in which something is.</summary>
    public void Poll()
    {
        QueueFunction[] some = [.. _functions.Where(function => _queues.HasVisible(function.Queue))];
        QueueFunction function = some[_schedule.Random.Below(some.Length)];
        SimulatedWorker worker = Any();
        _schedule.Begin("poll", () => worker.PollAsync(function, _queues));
    }

    public void RunTimer(string name)
    {
        SimulatedWorker worker = Any();
        _schedule.Begin(name, () => worker.RunTimerAsync(SimulatedWorker.Timer(name)));
    }

    /// <summary>Whoever the load balancer chooses answers.</summary>
    public Task<HttpResponseMessage> ServeAsync(SimulatedRequest request) =>
        HasLive ? Any().ServeAsync(request) : Task.FromException<HttpResponseMessage>(new HttpRequestException("Nobody listens."));

    private SimulatedWorker Any()
    {
        SimulatedWorker[] live = [.. _workers.OfType<SimulatedWorker>()];
        return live[_schedule.Random.Below(live.Length)];
    }
}

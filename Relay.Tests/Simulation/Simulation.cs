using System.Net;
using Relay.Tests.Simulation.Mutants;
using Relay.Tests.Support;

namespace Relay.Tests.Simulation;

/// <summary>
/// One seed from its first step to its judgement: a hostile time, in which everything may fail, and then a quiet one, in which nothing does
/// and the clock goes on until nothing moves any more.
/// </summary>
internal sealed class Simulation
{
    /// <summary>The step between the hostile time and the quiet one.</summary>
    public const string FaultsEnd = "faults end";

    private const int MostSteps = 20_000;
    private const int MostRounds = 80;
    private const int MovesAMinute = 40;

    private static readonly int[] Jumps = [5, 31, 31, 130, 610, 1810, 3660];

    private readonly SimulatedWorld _world;
    private readonly SimulationScenario _scenario;
    private readonly SeededRandom _random;
    private readonly List<(int Weight, Action Do)> _moves = [];
    private bool _deviceForgets;
    private bool _relayForgets;

    private Simulation(SimulatedWorld world, SimulationScenario scenario, SeededRandom random)
    {
        (_world, _scenario, _random) = (world, scenario, random);
        (_deviceForgets, _relayForgets) = (scenario.DeviceForgets, scenario.RelayForgets);
    }

    private SimulatedSchedule Schedule => _world.Schedule;

    /// <summary>Runs a seed on this thread alone.</summary>
    public static SimulationResult Run(PreparedParties parties, ulong seed, Mutant mutant)
    {
        SeededRandom random = new(seed);
        return Run(parties, seed, SimulationScenario.Of(random), random, mutant, simulation => simulation.RunHostile());
    }

    /// <summary>Runs a seed in which one thing is away for an hour, with workers that were there before and, from its middle on, fresh ones.</summary>
    public static OutageResult Run(PreparedParties parties, ulong seed, Outage outage)
    {
        SeededRandom random = new(seed);
        List<HttpStatusCode[]> answers = [];
        IReadOnlyList<string> stored = [];
        SimulationResult run = Run(parties, seed, SimulationScenario.ForOutage(random), random, Mutant.Nobody, simulation =>
        {
            simulation.RunOutage(outage, answers);
            stored = simulation._world.Stored();
        });
        return new OutageResult(run, answers, stored);
    }

    private static SimulationResult Run(
        PreparedParties parties, ulong seed, SimulationScenario scenario, SeededRandom random, Mutant mutant, Action<Simulation> busyTime)
    {
        SynchronizationContext? outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            // Nothing of it waits: it is in memory.
            SimulatedWorld world = SimulatedWorld.CreateAsync(parties, scenario, random, mutant).GetAwaiter().GetResult();
            Simulation simulation = new(world, scenario, random);
            simulation.Prepare();
            busyTime(simulation);
            if (!simulation.RunQuiet())
            {
                world.Ledger.Add(Promise.NothingIsLeft, "It never came to rest.");
            }

            world.Schedule.Thread.ThrowIfStrayed();
            return new SimulationResult(seed, mutant, scenario, world.Ledger.Judge(world.Business, world.Devices, world.Schedule.Counts), world.Schedule);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private void Prepare()
    {
        Say("");
        _world.RelayWorkers.StartAll();
        _world.TransportWorkers.StartAll();
    }

    /// <summary>What business and users are going to send from now on.</summary>
    private void Say(string when)
    {
        for (int i = 0; i < _scenario.BusinessTexts.Count; i++)
        {
            _world.Business.WillSend(_world.Devices[_scenario.BusinessTexts[i]], $"business text {i}{when}");
        }

        for (int i = 0; i < _scenario.UserTexts.Count; i++)
        {
            _world.Devices[_scenario.UserTexts[i]].WillSend($"user text {i}{when}");
        }
    }

    private void RunOutage(Outage outage, List<HttpStatusCode[]> answers)
    {
        while (!_world.Business.IsIdle)
        {
            Move(isHostile: true);
        }

        TakeAnswers();
        Say(" during the outage");
        Schedule.Note($"{outage} away");
        Schedule.IsAway = call => outage.Covers(call);
        for (int minute = 1; minute <= 60; minute++)
        {
            // Much happens at its very beginning, while everything is still cached.
            for (int i = 0; i < (minute == 1 ? 10 : 1) * MovesAMinute; i++)
            {
                Move(isHostile: false);
            }

            Schedule.Time.Advance(TimeSpan.FromMinutes(1));
            if (minute == 30)
            {
                TakeAnswers();
                _world.RelayWorkers.RestartAll();
                Say(" to fresh workers");
            }
        }

        TakeAnswers();
        Schedule.IsAway = _ => false;

        void TakeAnswers()
        {
            answers.Add([.. _world.Business.Answers]);
            _world.Business.Answers.Clear();
        }
    }

    private void RunHostile()
    {
        Schedule.Rates = _scenario.Rates;
        int end = 0;
        while (Schedule.Counts.Steps < MostSteps && end < 100)
        {
            Move(isHostile: true);
            end += _world.Business.HasText || _world.Devices.Exists(device => device.HasText) ? 0 : 1;
        }
    }

    private bool RunQuiet()
    {
        Schedule.Note(FaultsEnd);
        Schedule.Rates = FaultRates.None;
        int quiet = 0;
        for (int round = 0; round < MostRounds && quiet < 3; round++)
        {
            Settle();
            foreach (SimulatedDevice device in _world.Devices.Where(device => !device.IsBusy))
            {
                Schedule.Begin("receive", () => device.ReceiveAsync(marksRead: false));
            }

            _world.TransportWorkers.RunTimer("TransportSweepPushes");
            _world.RelayWorkers.RunTimer("ReplayParked");
            Settle();
            quiet = _world.Ledger.IsAtRest && _world.Devices.TrueForAll(device => device.IsQuiet) ? quiet + 1 : 0;
            Schedule.Time.Advance(TimeSpan.FromSeconds(Jumps[Math.Min(round, Jumps.Length - 1)]));
        }

        return quiet == 3;
    }

    /// <summary>Until only the clock could move anything.</summary>
    private void Settle()
    {
        int limit = Schedule.Counts.Steps + MostSteps;
        while (Schedule.Counts.Steps < limit && Move(isHostile: false))
        {
        }
    }

    /// <summary>False when nothing can move.</summary>
    private bool Move(bool isHostile)
    {
        Schedule.Thread.RunReady();
        _moves.Clear();
        Add(Schedule.HasPending, 50, Schedule.Step);
        Add(Schedule.HasLate, isHostile ? 2 : 50, Schedule.Land);
        foreach (WorkerGroup group in (WorkerGroup[])[_world.RelayWorkers, _world.TransportWorkers])
        {
            Add(group.HasDead, isHostile ? 3 : 50, group.Restart);
            Add(group.HasVisible, 20, group.Poll);
        }

        Add(_world.Business.CanSend, 8, () => Schedule.Begin("send", _world.Business.SendAsync));
        List<SimulatedDevice> writing = _world.Devices.FindAll(device => device is { IsBusy: false, HasText: true });
        Add(writing.Count > 0, 6, () => Begin(writing, "text", device => device.SendAsync()));
        if (isHostile)
        {
            AddHostile();
        }

        if (_moves.Count == 0)
        {
            return false;
        }

        Choose()();
        Schedule.Time.Advance(TimeSpan.FromMilliseconds(1 + _random.Below(20)));
        Schedule.Thread.RunReady();
        return true;
    }

    private void AddHostile()
    {
        List<SimulatedDevice> idle = _world.Devices.FindAll(device => !device.IsBusy);
        Add(idle.Count > 0, 6, () => Begin(idle, "receive", device => device.ReceiveAsync(marksRead: _random.Chance(20))));
        Add(true, 1, () => Schedule.Time.Advance(TimeSpan.FromSeconds(1 + _random.Below(40))));
        Add(_world.RelayWorkers.HasLive && _world.TransportWorkers.HasLive && _random.Chance(5), 4, () =>
        {
            _world.TransportWorkers.RunTimer("TransportSweepPushes");
            _world.RelayWorkers.RunTimer("KeepPreKeysStocked");
        });
        Add(_deviceForgets && idle.Count > 0, 1, () =>
        {
            _deviceForgets = false;
            Begin(idle, "forget", device => device.ForgetAsync());
        });
        Add(_relayForgets, 1, () =>
        {
            _relayForgets = false;
            Schedule.Note("the relay's sessions are gone");
            Schedule.Begin("restore", _world.LoseSessionsAsync);
        });
    }

    private void Begin(List<SimulatedDevice> some, string flow, Func<SimulatedDevice, Task> work)
    {
        SimulatedDevice device = some[_random.Below(some.Count)];
        Schedule.Begin(flow, () => work(device));
    }

    private void Add(bool isPossible, int weight, Action move)
    {
        if (isPossible)
        {
            _moves.Add((weight, move));
        }
    }

    private Action Choose()
    {
        int at = _random.Below(_moves.Sum(move => move.Weight));
        foreach ((int weight, Action move) in _moves)
        {
            if ((at -= weight) < 0)
            {
                return move;
            }
        }

        throw new InvalidOperationException("No move.");
    }
}

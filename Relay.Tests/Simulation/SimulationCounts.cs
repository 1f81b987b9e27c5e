using System.Globalization;

namespace Relay.Tests.Simulation;

/// <summary>What happened in one run or in many.</summary>
internal sealed class SimulationCounts
{
    private readonly int[] _faults = new int[Enum.GetValues<SimulatedFault>().Length];

    public int Steps { get; private set; }

    public int Crashes { get; set; }

    public int LostRaces { get; set; }

    public int Landed { get; set; }

    public int Poisoned { get; set; }

    public int Redelivered { get; set; }

    public int Accepted { get; set; }

    public int FromUsers { get; set; }

    public int Webhooks { get; set; }

    public void Step(SimulatedFault fault)
    {
        Steps++;
        _faults[(int)fault]++;
    }

    public int Of(SimulatedFault fault) => _faults[(int)fault];

    public void Add(SimulationCounts other)
    {
        Steps += other.Steps;
        Crashes += other.Crashes;
        LostRaces += other.LostRaces;
        Landed += other.Landed;
        Poisoned += other.Poisoned;
        Redelivered += other.Redelivered;
        Accepted += other.Accepted;
        FromUsers += other.FromUsers;
        Webhooks += other.Webhooks;
        for (int i = 0; i < _faults.Length; i++)
        {
            _faults[i] += other._faults[i];
        }
    }

    public string Faults() => string.Join(", ", Enum.GetValues<SimulatedFault>().Where(fault => fault != SimulatedFault.None)
        .Select(fault => string.Create(CultureInfo.InvariantCulture, $"{fault} {_faults[(int)fault]}")));
}

namespace Relay.Tests.Simulation;

/// <summary>One run of a function (or of a device's or business's call), as it shows in the trace; mutants keep what they hold back here.</summary>
internal sealed class SimulatedFlow(string name)
{
    private static readonly AsyncLocal<SimulatedFlow?> Running = new();

    public static SimulatedFlow Current => Running.Value ?? throw new InvalidOperationException("Outside of any flow.");

    public string Name { get; } = name;

    /// <summary>What a mutant holds back in this run.</summary>
    public Func<Task>? Held { get; set; }

    /// <summary>From here on, for all that is called by the caller.</summary>
    public static void Begin(string name) => Running.Value = new SimulatedFlow(name);
}

using System.Net;
using Relay.Tests.Simulation.Mutants;

namespace Relay.Tests.Simulation;

/// <summary>How one seed went.</summary>
/// <param name="Seed">Which.</param>
/// <param name="Mutant">In which relay.</param>
/// <param name="Scenario">What it played.</param>
/// <param name="Violations">The broken promises.</param>
/// <param name="Schedule">What happened.</param>
internal sealed record SimulationResult(
    ulong Seed, Mutant Mutant, SimulationScenario Scenario, IReadOnlyList<Violation> Violations, SimulatedSchedule Schedule)
{
    private const int ShownSteps = 60;

    public bool IsClean => Violations.Count == 0;

    /// <summary>The command that does the same again and shows every step.</summary>
    public string Replay => $"./relay sim --seed {Seed}" + (Mutant == Mutant.Nobody ? "" : $" --mutant {Mutant.Name}");

    /// <summary>What is wrong, how to see it again, and the last steps of the hostile time.</summary>
    public string Report() => string.Join(
        Environment.NewLine,
        [
            $"Seed {Seed} ({Scenario}) breaks {Violations.Count} promises; replay: {Replay}",
            .. Violations.Select(violation => $"  {violation}"),
            .. Schedule.Trace.TakeWhile(step => !step.EndsWith(Simulation.FaultsEnd, StringComparison.Ordinal)).TakeLast(ShownSteps).Select(step => $"    {step}"),
        ]);
}

/// <param name="Run">How it went.</param>
/// <param name="Answers">What the business was answered before the outage, in its first half, and in its second, with fresh workers.</param>
/// <param name="Stored">All that lay in the relay's account at its end.</param>
internal sealed record OutageResult(SimulationResult Run, IReadOnlyList<HttpStatusCode[]> Answers, IReadOnlyList<string> Stored);

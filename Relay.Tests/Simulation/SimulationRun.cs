using Relay.Tests.Simulation.Mutants;

namespace Relay.Tests.Simulation;

/// <summary>Many seeds, each on a thread of its own; as many at a time as there are processors.</summary>
internal static class SimulationRun
{
    /// <param name="from">The first seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="onDone">Gets each result, one after the other.</param>
    public static async Task RunAsync(ulong from, int count, Action<SimulationResult> onDone)
    {
        PreparedParties parties = await PreparedParties.Shared;
        Lock gate = new();
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            SimulationResult result = Simulation.Run(parties, from + (ulong)i, Mutant.Nobody);
            lock (gate)
            {
                onDone(result);
            }
        });
    }
}

using Relay.Tests.Simulation.Mutants;
using Relay.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Relay.Tests.Simulation;

/// <summary>
/// Many workers, one storage account, everything failing: what was accepted comes once, what users say is told, no key is used twice
/// (spec/reliability.md, R2 to R4).
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 200;

    public static TheoryData<string> Mutants => [.. Mutant.All.Select(mutant => mutant.Name)];

    [Fact]
    public async Task Two_hundred_seeds_keep_every_promise()
    {
        SimulationCounts counts = new();
        List<string> failed = [];
        await SimulationRun.RunAsync(1, Seeds, result =>
        {
            counts.Add(result.Schedule.Counts);
            failed.AddRange(result.IsClean ? [] : [result.Report()]);
        });

        output.WriteLine($"{counts.Steps} steps, {counts.Accepted} + {counts.FromUsers} messages, {counts.Crashes} crashes, {counts.LostRaces} lost races, {counts.Faults()}");
        Findings.None(failed);

        // That they were put to the test at all: every kind of fault struck, and often.
        Assert.All(Enum.GetValues<SimulatedFault>(), fault => Assert.True(counts.Of(fault) >= Seeds / 4, $"{fault} struck only {counts.Of(fault)} times."));
        Assert.InRange(counts.Crashes, Seeds, int.MaxValue);
        Assert.InRange(counts.LostRaces, Seeds, int.MaxValue);
        Assert.InRange(counts.Landed, Seeds / 2, int.MaxValue);
        Assert.InRange(counts.Redelivered, Seeds, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Mutants))]
    public async Task A_mistake_in_the_relay_is_found(string name)
    {
        Mutant mutant = Mutant.All.Single(one => one.Name == name);
        PreparedParties parties = await PreparedParties.Shared;
        for (ulong seed = 1; seed <= mutant.Seeds; seed++)
        {
            SimulationResult result = Simulation.Run(parties, seed, mutant);
            if (result.Violations.FirstOrDefault(violation => mutant.Breaks.Contains(violation.Promise)) is { } found)
            {
                output.WriteLine($"Seed {seed} finds {name}: {found}");
                Assert.True(Simulation.Run(parties, seed, Mutant.Nobody).IsClean);
                return;
            }
        }

        Assert.Fail($"{mutant.Seeds} seeds did not find {name}.");
    }

    /// <summary>Random ids and keys stay random, and some steps later they may decide which of two calls comes first.</summary>
    [Fact]
    public async Task A_seed_begins_with_the_same_steps_each_time()
    {
        const int Steps = 200;
        PreparedParties parties = await PreparedParties.Shared;
        for (ulong seed = 1; seed <= 12; seed++)
        {
            string[] first = [.. Simulation.Run(parties, seed, Mutant.Nobody).Schedule.Trace.Take(Steps)];
            string[] second = [.. Simulation.Run(parties, seed, Mutant.Nobody).Schedule.Trace.Take(Steps)];
            Assert.Equal(first, second);
        }
    }
}

using Xunit;

namespace Relay.Tests.Support;

/// <summary>
/// Runs a scenario once for each call it makes and each way that call can fail. Covers calls that only a recovery makes, because
/// it goes on until a run ends without its fault having struck.
/// </summary>
public static class FaultSweep
{
    /// <param name="scenario">
    /// Builds everything anew over the plan, runs it, recovers (<see cref="FaultPlan.Restart()"/>, <see cref="FaultPlan.LandLateAsync"/>)
    /// and asserts. The second argument is how it is told which case failed.
    /// </param>
    /// <param name="most">A scenario of more calls than this isn't ending.</param>
    /// <returns>Every call that was struck, by name and target: compare it with the calls you know.</returns>
    public static async Task<IReadOnlySet<string>> RunAsync(Func<FaultPlan, Task> scenario, int most = 500)
    {
        SortedSet<string> covered = new(StringComparer.Ordinal);
        foreach (Fault fault in Enum.GetValues<Fault>())
        {
            for (int k = 0; await RunOneAsync(scenario, k, fault, covered); k++)
            {
                Assert.True(k < most, $"The scenario makes more than {most} calls under {fault}.");
            }
        }

        return covered;
    }

    private static async Task<bool> RunOneAsync(Func<FaultPlan, Task> scenario, int k, Fault fault, SortedSet<string> covered)
    {
        FaultPlan plan = FaultPlan.At(k, fault);
        try
        {
            await scenario(plan);
        }
        catch (Exception e)
        {
            string struck = plan.Struck is [FaultyCall call] ? call.ToString() : $"call {k}, which wasn't reached";
            throw new InvalidOperationException($"Failed with {fault} at {struck}. Calls: {string.Join("; ", plan.Calls)}", e);
        }

        covered.UnionWith(plan.Struck.Select(call => $"{call.Process} {call.Name} {call.Target}"));
        return plan.Struck.Count > 0;
    }
}

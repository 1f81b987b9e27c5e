using System.Globalization;
using Relay.Tests.Simulation.Mutants;

namespace Relay.Tests.Simulation;

/// <summary>What <c>./relay sim</c> runs: any number of seeds, one seed step by step, or seeds in a relay with a mistake.</summary>
internal static class SimulationProgram
{
    private const int ProgressEvery = 100;

    public static async Task<int> Main(string[] args)
    {
        Dictionary<string, string> options = [];
        for (int i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || args[i] is not ("--seeds" or "--from" or "--seed" or "--mutant"))
            {
                return Usage();
            }

            options[args[i]] = args[i + 1];
        }

        Mutant? mutant = options.TryGetValue("--mutant", out string? name) ? Mutant.All.FirstOrDefault(one => one.Name == name) : Mutant.Nobody;
        if (mutant is null || !TryNumber(options, "--seeds", 200, out ulong count) || !TryNumber(options, "--from", 1, out ulong from) || !TryNumber(options, "--seed", 0, out ulong seed))
        {
            return Usage();
        }

        return options.ContainsKey("--seed") ? await ReplayAsync(seed, mutant)
            : mutant == Mutant.Nobody ? await RunAsync(from, (int)count)
            : await HuntAsync(mutant, from, count);
    }

    private static async Task<int> RunAsync(ulong from, int count)
    {
        Console.WriteLine($"Seeds {from} to {from + (ulong)count - 1}: workers that fail, die and race on one storage account, real devices, a business. ./relay sim --seed N shows one step by step.");
        SimulationCounts counts = new();
        int done = 0;
        List<SimulationResult> failed = [];
        await SimulationRun.RunAsync(from, count, result =>
        {
            counts.Add(result.Schedule.Counts);
            if (!result.IsClean)
            {
                failed.Add(result);
                Console.WriteLine(result.Report());
            }

            if (++done % ProgressEvery == 0)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {done} seeds, {counts.Steps} steps, {failed.Count} failed"));
            }
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            seeds         {done} run, {failed.Count} failed
            steps         {counts.Steps} calls to storage, transport and webhooks
            messages      {counts.Accepted} accepted from the business, {counts.FromUsers} sent by users, {counts.Webhooks} webhook calls
            faults        {counts.Faults()}
            crashes       {counts.Crashes} workers died and started again
            lost races    {counts.LostRaces} commits were refused (ETag or insert)
            repeats       {counts.Redelivered} queue messages were delivered twice, {counts.Landed} calls arrived late, {counts.Poisoned} messages were poison
            violations    {failed.Sum(result => result.Violations.Count)}
            """));
        foreach (SimulationResult result in failed)
        {
            Console.WriteLine("  " + result.Replay);
        }

        return failed.Count == 0 ? 0 : 1;
    }

    private static async Task<int> ReplayAsync(ulong seed, Mutant mutant)
    {
        SimulationResult result = Simulation.Run(await PreparedParties.Shared, seed, mutant);
        foreach (string step in result.Schedule.Trace)
        {
            Console.WriteLine(step);
        }

        Console.WriteLine($"Seed {seed}: {result.Scenario}; {result.Schedule.Counts.Steps} steps, fingerprint {result.Schedule.Fingerprint:x16}");
        foreach (Violation violation in result.Violations)
        {
            Console.WriteLine($"  {violation}");
        }

        Console.WriteLine(result.IsClean ? "Every promise was kept." : $"{result.Violations.Count} promises were broken.");
        return result.IsClean ? 0 : 1;
    }

    private static async Task<int> HuntAsync(Mutant mutant, ulong from, ulong count)
    {
        PreparedParties parties = await PreparedParties.Shared;
        for (ulong seed = from; seed < from + count; seed++)
        {
            SimulationResult result = Simulation.Run(parties, seed, mutant);
            if (!result.IsClean)
            {
                Console.WriteLine(result.Report());
                return 1;
            }
        }

        Console.WriteLine($"{mutant.Name} was not found in {count} seeds.");
        return 0;
    }

    private static bool TryNumber(Dictionary<string, string> options, string name, ulong otherwise, out ulong number)
    {
        number = otherwise;
        return !options.TryGetValue(name, out string? text) || (ulong.TryParse(text, CultureInfo.InvariantCulture, out number) && number <= int.MaxValue);
    }

    private static int Usage()
    {
        Console.Error.WriteLine("./relay sim [--seeds N] [--from S] | --seed S [--mutant NAME]");
        Console.Error.WriteLine("Mutants: " + string.Join(' ', Mutant.All.Select(mutant => mutant.Name)));
        return 2;
    }
}

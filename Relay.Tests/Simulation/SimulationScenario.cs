using Relay.Tests.Support;

namespace Relay.Tests.Simulation;

/// <summary>What a seed plays: how many take part, what they say, how hostile the world is. Most are small; some have all workers and conversations.</summary>
internal sealed record SimulationScenario
{
    private static readonly TimeSpan NearMidnight = new(14, 58, 0);

    public required int RelayWorkers { get; init; }

    public required int TransportWorkers { get; init; }

    public required int Devices { get; init; }

    /// <summary>Texts of the business, each for one of the devices by its number.</summary>
    public required IReadOnlyList<int> BusinessTexts { get; init; }

    /// <summary>Texts of users, by the same numbers.</summary>
    public required IReadOnlyList<int> UserTexts { get; init; }

    public required FaultRates Rates { get; init; }

    /// <summary>From the morning on which the parties were made.</summary>
    public required TimeSpan StartsAfter { get; init; }

    /// <summary>Whether a device, and whether the relay, forgets its sessions on the way.</summary>
    public required bool DeviceForgets { get; init; }

    public required bool RelayForgets { get; init; }

    /// <summary>Whether the business's calls carry an Idempotency-Key.</summary>
    public bool UsesKeys { get; init; } = true;

    /// <summary>Nothing fails by chance, much is said, and calls carry no key, so that accepting one needs no table.</summary>
    public static SimulationScenario ForOutage(SeededRandom random) => new()
    {
        RelayWorkers = 3,
        TransportWorkers = 1,
        Devices = 3,
        BusinessTexts = [.. Enumerable.Range(0, 20).Select(_ => random.Below(3))],
        UserTexts = [.. Enumerable.Range(0, 10).Select(_ => random.Below(3))],
        Rates = FaultRates.None,
        StartsAfter = TimeSpan.FromMinutes(random.Below(60)),
        DeviceForgets = false,
        RelayForgets = false,
        UsesKeys = false,
    };

    public static SimulationScenario Of(SeededRandom random)
    {
        int size = random.Below(20);
        (int relay, int transport, int devices, int texts) = size switch
        {
            0 => (6, 2, PreparedParties.Devices, 40),
            < 4 => (4, 2, 5, 16),
            _ => (2 + random.Below(2), 1, 1 + random.Below(3), 6),
        };
        FaultRates rates = random.Below(10) switch
        {
            0 => new FaultRates(0, 0, 50),
            < 5 => new FaultRates(10, 4, 50),
            _ => new FaultRates(50, 4, 50),
        };
        return new SimulationScenario
        {
            RelayWorkers = relay,
            TransportWorkers = transport,
            Devices = devices,
            BusinessTexts = [.. Enumerable.Range(0, (texts / 2) + random.Below(texts)).Select(_ => random.Below(devices))],
            UserTexts = [.. Enumerable.Range(0, (texts / 2) + random.Below(texts / 2)).Select(_ => random.Below(devices))],
            Rates = rates,
            StartsAfter = random.Chance(20) ? NearMidnight : TimeSpan.FromMinutes(random.Below(60)),
            DeviceForgets = size >= 4 && random.Chance(15),
            RelayForgets = size >= 4 && random.Chance(15),
        };
    }

    public override string ToString() =>
        $"{RelayWorkers}+{TransportWorkers} workers, {Devices} devices, {BusinessTexts.Count}+{UserTexts.Count} texts, faults {Rates.Each} crashes {Rates.Crash} per 1000"
        + (DeviceForgets ? ", a device forgets" : "") + (RelayForgets ? ", the relay forgets" : "");
}

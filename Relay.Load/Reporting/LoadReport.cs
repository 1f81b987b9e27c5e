using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Load.Counting;
using Relay.Load.Killing;
using Relay.Load.Measuring;

namespace Relay.Load.Reporting;

/// <summary>A run in numbers. Durations are milliseconds from the time at which a message was due, so that waiting counts.</summary>
internal sealed record LoadReport
{
    public required DateTimeOffset At { get; init; }

    public required Machine Machine { get; init; }

    /// <summary>Of the machine, at the end.</summary>
    public required string Load { get; init; }

    /// <summary>What ran, in words.</summary>
    public required string What { get; init; }

    public required double Rate { get; init; }

    public required double Seconds { get; init; }

    public required int Users { get; init; }

    public required Tally ToUser { get; init; }

    public required Tally ToBusiness { get; init; }

    /// <summary>How far the generator was behind its own schedule.</summary>
    public required Spread Lateness { get; init; }

    /// <summary>Until the business's call was answered with 200.</summary>
    public required Spread Accept { get; init; }

    /// <summary>Until the device had decrypted.</summary>
    public required Spread EndToEndToUser { get; init; }

    /// <summary>Until the webhook had arrived.</summary>
    public required Spread EndToEndToBusiness { get; init; }

    /// <summary>From <see cref="Accept"/> to the webhook that tells <c>sent</c>.</summary>
    public required Spread SentTold { get; init; }

    /// <summary>From the device's decryption to the webhook that tells <c>delivered</c>.</summary>
    public required Spread DeliveredTold { get; init; }

    /// <summary>What the endpoint itself took for a call.</summary>
    public required Spread WebhookHandling { get; init; }

    /// <summary>Until everything was out, once the load had ended.</summary>
    public required double DrainSeconds { get; init; }

    public required int SentStatuses { get; init; }

    public required int DeliveredStatuses { get; init; }

    public required int DeviceRepeats { get; init; }

    public required int Undecryptable { get; init; }

    public required int WebhookCalls { get; init; }

    public required int WebhookRepeats { get; init; }

    /// <summary>Different (ratchet key, counter) pairs that left the relay, and were looked at.</summary>
    public required int Counters { get; init; }

    /// <summary>What must never be seen, in words.</summary>
    public required IReadOnlyList<string> Violations { get; init; }

    public ChaosFigures? Chaos { get; init; }

    public bool IsKept =>
        Violations.Count == 0 && DeviceRepeats == 0
        && new[] { ToUser, ToBusiness }.All(way => way is { Lost: 0, UnexplainedCopies: 0, Untold: 0 })
        && Chaos is not { IsQuick: false };

    public string ToJson() => JsonSerializer.Serialize(this, LoadJson.Default.LoadReport);
}

/// <param name="Kills">How often a process was killed.</param>
/// <param name="Away">Milliseconds until it answered again.</param>
/// <param name="Messages">Milliseconds from a kill until everything accepted before it had come out.</param>
/// <param name="Statuses">And until all of it had been told.</param>
internal sealed record ChaosFigures(int Kills, Spread Away, Spread Messages, Spread Statuses)
{
    /// <summary>How often each process was.</summary>
    public IReadOnlyDictionary<string, int> KillsOf { get; init; } = new Dictionary<string, int>();

    private const double MostMilliseconds = 30_000;

    /// <summary>Whether every recovery took at most 30 s.</summary>
    public bool IsQuick => Messages.Max <= MostMilliseconds;

    public static ChaosFigures Of(Ledger ledger, IReadOnlyList<Kill> kills, TimeProvider time)
    {
        Recovery recovery = Recovery.Of(ledger, kills, time);
        return new ChaosFigures(
            kills.Count,
            Spread.Of(kills.Select(kill => kill.Away.TotalMilliseconds)),
            Spread.Of(recovery.Messages.Select(seconds => seconds * 1_000)),
            Spread.Of(recovery.Statuses.Select(seconds => seconds * 1_000)))
        {
            KillsOf = kills.CountBy(kill => kill.Process).OrderBy(count => count.Key, StringComparer.Ordinal).ToDictionary(),
        };
    }
}

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoadReport))]
[JsonSerializable(typeof(FindReport))]
internal sealed partial class LoadJson : JsonSerializerContext;

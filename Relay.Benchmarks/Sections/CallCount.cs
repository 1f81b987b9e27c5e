using System.Globalization;
using Relay.Benchmarks.Reporting;
using Relay.Benchmarks.Stage;
using Relay.Load.Measuring;
using Relay.Shared.Azure;

namespace Relay.Benchmarks.Sections;

/// <summary>Requests to the two accounts by kind, empty queue gets left out.</summary>
internal sealed class CallCount
{
    private const string Get = "queue:get";

    private readonly IReadOnlyDictionary<string, double> _relay;
    private readonly IReadOnlyDictionary<string, double> _transport;

    private CallCount(IReadOnlyDictionary<string, double> relay, IReadOnlyDictionary<string, double> transport) =>
        (_relay, _transport) = (relay, transport);

    public static CallCount operator -(CallCount later, CallCount earlier) => Each((of, kind) => of(later, kind) - of(earlier, kind), later, earlier);

    public static CallCount operator +(CallCount one, CallCount other) => Each((of, kind) => of(one, kind) + of(other, kind), one, other);

    internal static CallCount Of(BenchAccounts accounts) =>
        new(Attempts(accounts.RelayCalls, accounts.RelayQueues.Takes), Attempts(accounts.TransportCalls, accounts.TransportQueues.Takes));

    /// <summary>Kind by kind.</summary>
    internal static CallCount Median(IReadOnlyCollection<CallCount> counts) =>
        Each((of, kind) => Statistics.Median([.. counts.Select(count => of(count, kind))]), [.. counts]);

    internal IEnumerable<Figure> RelayFigures(string name, string tableBudget, string queueBudget) =>
        [Total($"{name}: relay, tables", _relay, "table:", tableBudget), Total($"{name}: relay, queues", _relay, "queue:", queueBudget)];

    internal IEnumerable<Figure> TransportFigures(string name) =>
        [Total($"{name}: transport, tables", _transport, "table:", null), Total($"{name}: transport, queues", _transport, "queue:", null)];

    private static CallCount Each(Func<Func<CallCount, string, double>, string, double> combine, params CallCount[] counts) => new(
        counts.SelectMany(count => count._relay.Keys).Distinct().Order(StringComparer.Ordinal)
            .ToDictionary(kind => kind, kind => combine(static (count, kind) => count._relay.GetValueOrDefault(kind), kind)),
        counts.SelectMany(count => count._transport.Keys).Distinct().Order(StringComparer.Ordinal)
            .ToDictionary(kind => kind, kind => combine(static (count, kind) => count._transport.GetValueOrDefault(kind), kind)));

    private static Dictionary<string, double> Attempts(StorageCallCounter counter, long takes)
    {
        Dictionary<string, double> counts = counter.Snapshot().ToDictionary(pair => pair.Key, pair => (double)pair.Value.Attempts);
        counts[Get] = takes;
        return counts;
    }

    private static Figure Total(string name, IReadOnlyDictionary<string, double> counts, string service, string? budget)
    {
        List<KeyValuePair<string, double>> used =
            [.. counts.Where(pair => pair.Value != 0 && pair.Key.StartsWith(service, StringComparison.Ordinal)).OrderBy(pair => pair.Key, StringComparer.Ordinal)];
        return new Figure
        {
            Name = name,
            Value = used.Sum(pair => pair.Value),
            Unit = "",
            Target = budget,
            Note = string.Join(", ", used.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value:0.#} {pair.Key[service.Length..]}"))),
        };
    }
}

using System.Globalization;
using Relay.Fuzz.Judging;

namespace Relay.Fuzz;

/// <summary>What came of a run.</summary>
internal sealed class FuzzReport
{
    private const int MaxShown = 20;
    private const int MegaByte = 1024 * 1024;

    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Answers by status.</summary>
    public required IReadOnlyDictionary<int, int> Answers { get; init; }

    /// <summary>Of each function, how many requests were made from its seeds and how many of those were answered with success.</summary>
    public required IReadOnlyDictionary<string, (int Sent, int Taken)> Functions { get; init; }

    public required TimeSpan Slowest { get; init; }

    /// <summary>Bytes that one request allocated at most.</summary>
    public required long MostAllocated { get; init; }

    /// <summary>Managed bytes that were alive between two Relays, at first and at most later.</summary>
    public required (long First, long Most) Alive { get; init; }

    public bool IsClean => Findings.Count == 0;

    public async Task WriteAsync(TextWriter output)
    {
        foreach (Finding finding in Findings.Take(MaxShown))
        {
            await output.WriteLineAsync(finding.ToString());
        }

        if (Findings.Count > MaxShown)
        {
            await output.WriteLineAsync($"… and {Findings.Count - MaxShown} more");
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{Answers.Values.Sum():N0} requests to {Functions.Count} functions"));
        await output.WriteLineAsync("  answers: " + string.Join(", ", Answers.OrderBy(one => one.Key).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key}: {one.Value:N0}"))));
        string[] deaf = [.. Functions.Where(one => one.Value.Taken == 0).Select(one => one.Key).Order(StringComparer.Ordinal)];
        await output.WriteLineAsync($"  functions that took none: {(deaf.Length == 0 ? "-" : string.Join(", ", deaf))}");
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"  slowest answer {Slowest.TotalMilliseconds:N0} ms; most allocated by a request {MostAllocated / (double)MegaByte:N1} MB; alive between Relays {Alive.First / (double)MegaByte:N1} MB at first, {Alive.Most / (double)MegaByte:N1} MB at most"));
        await output.WriteLineAsync(IsClean ? "Nothing found." : $"{Findings.Count} found.");
    }
}

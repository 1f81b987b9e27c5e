using Relay.Load.Measuring;

namespace Relay.Benchmarks.Reporting;

/// <summary>One number of the report.</summary>
internal sealed record Figure
{
    public required string Name { get; init; }

    /// <summary>The best repetition where there are several.</summary>
    public required double Value { get; init; }

    /// <summary>Of the repetitions.</summary>
    public double? Median { get; init; }

    public required string Unit { get; init; }

    /// <summary>What it should be, in words.</summary>
    public string? Target { get; init; }

    public string? Note { get; init; }

    /// <summary>A rate, of which more is better.</summary>
    internal static Figure Rate(string name, IReadOnlyCollection<double> perSecond, string unit = "/s") =>
        new() { Name = name, Value = perSecond.Max(), Median = Statistics.Median(perSecond), Unit = unit };
}

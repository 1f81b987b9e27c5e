namespace Relay.Benchmarks.Reporting;

/// <summary>What was measured together, and how.</summary>
internal sealed record Section
{
    public required string Name { get; init; }

    public required IReadOnlyList<string> Method { get; init; }

    public IReadOnlyList<Figure> Figures { get; init; } = [];
}

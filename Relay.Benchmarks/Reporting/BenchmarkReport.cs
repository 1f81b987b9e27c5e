using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Load.Measuring;

namespace Relay.Benchmarks.Reporting;

/// <summary>A whole run, as it is kept.</summary>
internal sealed record BenchmarkReport
{
    public required DateTimeOffset At { get; init; }

    public required Machine Machine { get; init; }

    public required bool Quick { get; init; }

    public required string LoadBefore { get; init; }

    public required string LoadAfter { get; init; }

    public required IReadOnlyList<Section> Sections { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.BenchmarkReport);
}

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BenchmarkReport))]
internal sealed partial class ReportJson : JsonSerializerContext;

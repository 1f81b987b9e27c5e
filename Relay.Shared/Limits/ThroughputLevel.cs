namespace Relay.Shared.Limits;

/// <summary>How much a number may send and receive, in the Cloud API's words (<c>throughput.level</c>).</summary>
public enum ThroughputLevel
{
    Standard,
    High,
}

/// <summary>The levels as the wire and storage name them.</summary>
public static class ThroughputLevels
{
    private const string Standard = "STANDARD";
    private const string High = "HIGH";

    public static string Name(this ThroughputLevel level) => level == ThroughputLevel.High ? High : Standard;

    public static bool TryParse(string? name, out ThroughputLevel level)
    {
        level = name == High ? ThroughputLevel.High : ThroughputLevel.Standard;
        return name is Standard or High;
    }
}

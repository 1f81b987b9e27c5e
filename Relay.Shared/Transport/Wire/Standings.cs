using System.Text.Json.Serialization;

namespace Relay.Shared.Transport.Wire;

/// <summary>Asks how businesses stand, a page at a time. For the operator.</summary>
/// <param name="Limit">1 to 100.</param>
public sealed record ListStandingsRequest([property: JsonPropertyName("limit")] int Limit)
{
    /// <summary>The <see cref="ListStandingsResponse.Next"/> of the page before; absent for the first.</summary>
    [JsonPropertyName("after")]
    public string? After { get; init; }
}

/// <param name="Standings">By what the relay calls the business.</param>
public sealed record ListStandingsResponse([property: JsonPropertyName("standings")] IReadOnlyList<ListedStanding> Standings)
{
    /// <summary>Absent on the last page.</summary>
    [JsonPropertyName("next")]
    public string? Next { get; init; }
}

/// <summary>How a business stands, without what was counted.</summary>
/// <param name="Business">What the relay calls it.</param>
/// <param name="Tier">As <see cref="StandingResponse.Tier"/>.</param>
/// <param name="TierFixed">Whether no rule moves its tier.</param>
/// <param name="Quality">As <see cref="StandingResponse.Quality"/>, when it was last rated: within an hour.</param>
/// <param name="Restricted">Whether the operator has stopped it.</param>
public sealed record ListedStanding(
    [property: JsonPropertyName("business")] string Business,
    [property: JsonPropertyName("tier")] string Tier,
    [property: JsonPropertyName("tierFixed")] bool TierFixed,
    [property: JsonPropertyName("quality")] string Quality,
    [property: JsonPropertyName("restricted")] bool Restricted)
{
    /// <summary>Since when its quality has been red, in Unix seconds.</summary>
    [JsonPropertyName("redSince")]
    public long? RedSince { get; init; }

    /// <summary>When it was first seen to have used half of its limit, if within seven days; in Unix seconds.</summary>
    [JsonPropertyName("halfUsedAt")]
    public long? HalfUsedAt { get; init; }

    /// <summary>When an operator last changed it, in Unix seconds.</summary>
    [JsonPropertyName("setAt")]
    public long? SetAt { get; init; }
}

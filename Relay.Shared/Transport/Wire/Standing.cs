using System.Text.Json.Serialization;

namespace Relay.Shared.Transport.Wire;

/// <summary>How much a business may send, and why, as its own number is told.</summary>
/// <param name="Tier"><c>TIER_250</c>, <c>TIER_2K</c>, <c>TIER_10K</c>, <c>TIER_100K</c> or <c>TIER_UNLIMITED</c>.</param>
/// <param name="Quality"><c>GREEN</c>, <c>YELLOW</c>, <c>RED</c> or <c>UNKNOWN</c>.</param>
/// <param name="Restricted">Whether the operator has stopped it.</param>
/// <param name="Messaged">Distinct users of the last 24 hours, outside of service windows.</param>
/// <param name="Exhausted">Whether its tier has no room for another one.</param>
public sealed record StandingResponse(
    [property: JsonPropertyName("tier")] string Tier,
    [property: JsonPropertyName("quality")] string Quality,
    [property: JsonPropertyName("restricted")] bool Restricted,
    [property: JsonPropertyName("messaged")] long Messaged,
    [property: JsonPropertyName("exhausted")] bool Exhausted);

/// <summary>Asks whether a user may be messaged outside of a service window. Counts nobody.</summary>
/// <param name="To">The user's number, in international form.</param>
public sealed record ReachRequest([property: JsonPropertyName("to")] string To)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(ReachRequest);
}

/// <param name="Admits">Whether a message would be taken now.</param>
public sealed record ReachResponse([property: JsonPropertyName("admits")] bool Admits);

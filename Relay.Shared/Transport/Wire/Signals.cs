using System.Text.Json.Serialization;

namespace Relay.Shared.Transport.Wire;

/// <summary>Asks what was counted of a business. For the operator.</summary>
/// <param name="Business">What the relay calls it.</param>
public sealed record ShowSignalsRequest([property: JsonPropertyName("business")] string Business);

/// <summary>Changes how a business stands; what is absent stays as it is. For the operator.</summary>
/// <param name="Business">What the relay calls it.</param>
public sealed record SetStandingRequest([property: JsonPropertyName("business")] string Business)
{
    /// <summary>Whether it may message only users who wrote to it within 24 hours.</summary>
    [JsonPropertyName("restricted")]
    public bool? Restricted { get; init; }

    /// <summary>Its tier, as <see cref="StandingResponse.Tier"/>. It is fixed then, unless <see cref="TierFixed"/> says otherwise.</summary>
    [JsonPropertyName("tier")]
    public string? Tier { get; init; }

    /// <summary>Whether no rule moves its tier.</summary>
    [JsonPropertyName("tierFixed")]
    public bool? TierFixed { get; init; }
}

/// <summary>How a business stands and what was counted of it: counts alone, nothing of one user. For the operator.</summary>
/// <param name="Standing">How it stands.</param>
/// <param name="TierFixed">Whether no rule moves its tier.</param>
/// <param name="SentThisHour">Messages since the hour (UTC) began, as far as instances have written them: within 30 seconds.</param>
/// <param name="Days">Today first when anything was counted, then days that are over, the newest first; at most 29.</param>
public sealed record SignalsResponse(
    [property: JsonPropertyName("standing")] StandingResponse Standing,
    [property: JsonPropertyName("tierFixed")] bool TierFixed,
    [property: JsonPropertyName("sentThisHour")] long SentThisHour,
    [property: JsonPropertyName("days")] IReadOnlyList<SignalsDay> Days)
{
    /// <summary>When it came to its tier, in Unix seconds; absent for one that never moved.</summary>
    [JsonPropertyName("tierSince")]
    public long? TierSince { get; init; }

    /// <summary>Since when its quality has been red, in Unix seconds.</summary>
    [JsonPropertyName("redSince")]
    public long? RedSince { get; init; }

    /// <summary>When an operator last changed it, in Unix seconds.</summary>
    [JsonPropertyName("setAt")]
    public long? SetAt { get; init; }

    /// <summary>The median of the hours of the last 28 days in which it sent anything; absent without one.</summary>
    [JsonPropertyName("usualPerHour")]
    public long? UsualPerHour { get; init; }
}

/// <summary>What a business's day came to.</summary>
/// <param name="Day">In UTC, as <c>yyyyMMdd</c>.</param>
/// <param name="Messaged">Distinct users that were messaged.</param>
/// <param name="Served">Of those, users within a service window.</param>
/// <param name="Complained">Distinct users that reported or blocked it.</param>
/// <param name="Sent">Messages.</param>
/// <param name="Initiated">Of those, outside of a service window.</param>
/// <param name="First">Of those, the first to a user.</param>
/// <param name="Undeliverable">Messages that were not taken: nobody has that number.</param>
public sealed record SignalsDay(
    [property: JsonPropertyName("day")] string Day,
    [property: JsonPropertyName("messaged")] long Messaged,
    [property: JsonPropertyName("served")] long Served,
    [property: JsonPropertyName("complained")] long Complained,
    [property: JsonPropertyName("sent")] long Sent,
    [property: JsonPropertyName("initiated")] long Initiated,
    [property: JsonPropertyName("first")] long First,
    [property: JsonPropertyName("undeliverable")] long Undeliverable);

/// <summary>Says that a business is closed: what was counted of it goes, and what users attached to reports of it, of which nothing more is kept. For the operator.</summary>
/// <param name="Business">What the relay calls it.</param>
public sealed record EndBusinessRequest([property: JsonPropertyName("business")] string Business);

/// <param name="Ended">Always true.</param>
public sealed record EndBusinessResponse([property: JsonPropertyName("ended")] bool Ended);

using System.Text.Json.Serialization;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Accounts.Wire;

/// <summary>Restricts a business, lifts that, or sets its tier; what is absent stays. <c>PUT /relay/v1/admin/businesses/{id}/integrity</c>.</summary>
/// <param name="Restricted">Whether it may message only users who wrote to it within 24 hours.</param>
/// <param name="Tier"><c>TIER_250</c>, <c>TIER_2K</c>, <c>TIER_10K</c>, <c>TIER_100K</c> or <c>TIER_UNLIMITED</c>; fixed then, unless <paramref name="TierFixed"/> is false.</param>
/// <param name="TierFixed">Whether no rule moves its tier.</param>
public sealed record SetIntegrityRequest(
    [property: JsonPropertyName("restricted")] bool? Restricted,
    [property: JsonPropertyName("tier")] string? Tier,
    [property: JsonPropertyName("tier_fixed")] bool? TierFixed);

/// <summary>How businesses stand that were active in the last 28 days, or that somebody gave a standing. <c>GET /relay/v1/admin/integrity</c>.</summary>
/// <param name="Data">By id.</param>
/// <param name="Next">What <c>after</c> takes for the next page; absent at the end.</param>
public sealed record ListIntegrityResponse(
    [property: JsonPropertyName("data")] IReadOnlyList<ListedIntegrity> Data, [property: JsonPropertyName("next")] string? Next);

/// <param name="Id">The business.</param>
/// <param name="Tier">As <see cref="IntegrityResponse.Tier"/>.</param>
/// <param name="TierFixed">Whether no rule moves its tier.</param>
/// <param name="Quality">As <see cref="IntegrityResponse.Quality"/>, when it was last rated: within an hour.</param>
/// <param name="Restricted">Whether it may message only users who wrote to it within 24 hours.</param>
/// <param name="RedSince">Unix seconds.</param>
/// <param name="HalfUsedAt">When it was first seen to have used half of its tier, if within seven days; Unix seconds.</param>
/// <param name="SetAt">When an operator last changed it; Unix seconds.</param>
public sealed record ListedIntegrity(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("tier")] string Tier,
    [property: JsonPropertyName("tier_fixed")] bool TierFixed,
    [property: JsonPropertyName("quality")] string Quality,
    [property: JsonPropertyName("restricted")] bool Restricted,
    [property: JsonPropertyName("red_since")] long? RedSince,
    [property: JsonPropertyName("half_used_at")] long? HalfUsedAt,
    [property: JsonPropertyName("set_at")] long? SetAt);

/// <summary>How a business stands at the transport and what it was counted to do. <c>GET /relay/v1/admin/businesses/{id}/integrity</c>.</summary>
public sealed record IntegrityResponse
{
    [JsonPropertyName("tier")]
    public required string Tier { get; init; }

    [JsonPropertyName("tier_fixed")]
    public required bool TierFixed { get; init; }

    /// <summary>Unix seconds; absent for a tier that never moved.</summary>
    [JsonPropertyName("tier_since")]
    public long? TierSince { get; init; }

    [JsonPropertyName("quality")]
    public required string Quality { get; init; }

    /// <summary>Unix seconds.</summary>
    [JsonPropertyName("red_since")]
    public long? RedSince { get; init; }

    [JsonPropertyName("restricted")]
    public required bool Restricted { get; init; }

    /// <summary>When an operator last changed it; Unix seconds.</summary>
    [JsonPropertyName("set_at")]
    public long? SetAt { get; init; }

    /// <summary>Distinct users of the last 24 hours, outside of service windows.</summary>
    [JsonPropertyName("used")]
    public required long Used { get; init; }

    /// <summary>Whether the tier has no room for another one.</summary>
    [JsonPropertyName("exhausted")]
    public required bool Exhausted { get; init; }

    /// <summary>First messages to a user, of those outside of service windows; of all days shown, as the other ratios. Absent without one.</summary>
    [JsonPropertyName("new_recipient_ratio")]
    public double? NewRecipientRatio { get; init; }

    /// <summary>Users who were messaged while they had written within 24 hours, of all that were messaged.</summary>
    [JsonPropertyName("reply_ratio")]
    public double? ReplyRatio { get; init; }

    /// <summary>Messages to numbers that nobody has, of all.</summary>
    [JsonPropertyName("undeliverable_ratio")]
    public double? UndeliverableRatio { get; init; }

    /// <summary>This hour's messages by <see cref="UsualPerHour"/>.</summary>
    [JsonPropertyName("burst")]
    public double? Burst { get; init; }

    [JsonPropertyName("sent_this_hour")]
    public required long SentThisHour { get; init; }

    /// <summary>The median of the hours of the last 28 days in which it sent anything.</summary>
    [JsonPropertyName("usual_per_hour")]
    public long? UsualPerHour { get; init; }

    /// <summary>The newest first, today included.</summary>
    [JsonPropertyName("data")]
    public required IReadOnlyList<SignalsDay> Days { get; init; }
}

using System.Text.Json.Serialization;

namespace Relay.Shared.Billing;

/// <param name="BusinessId">Whose bill it is.</param>
/// <param name="Start">The first day, <c>yyyy-MM-dd</c>.</param>
/// <param name="End">The last day.</param>
/// <param name="Final">Whether none of its numbers will change any more.</param>
/// <param name="Data">By day, number, direction and category; what didn't happen isn't there.</param>
public sealed record BillingAnswer(
    [property: JsonPropertyName("business_id")] string BusinessId,
    [property: JsonPropertyName("start")] string Start,
    [property: JsonPropertyName("end")] string End,
    [property: JsonPropertyName("final")] bool Final,
    [property: JsonPropertyName("data")] IReadOnlyList<BillingLine> Data);

/// <summary>What one number sent or received on one day, of one category.</summary>
public sealed record BillingLine
{
    internal const string Outbound = "outbound";
    internal const string Inbound = "inbound";

    /// <summary>UTC.</summary>
    [JsonPropertyName("day")]
    public required string Day { get; init; }

    /// <summary>Whether the day's numbers will not change any more; until then they may grow, and never shrink.</summary>
    [JsonPropertyName("final")]
    public required bool Final { get; init; }

    [JsonPropertyName("phone_number_id")]
    public required string PhoneNumberId { get; init; }

    [JsonPropertyName("direction")]
    public required string Direction { get; init; }

    [JsonPropertyName("category")]
    public required string Category { get; init; }

    /// <summary>Whether <see cref="Delivered"/> is what there is to pay for.</summary>
    [JsonPropertyName("billable")]
    public required bool Billable { get; init; }

    /// <summary>Of the business's messages: those that the transport took that day.</summary>
    [JsonPropertyName("sent")]
    public long? Sent { get; init; }

    /// <summary>Of the business's messages: those that reached their device that day, whenever they were sent.</summary>
    [JsonPropertyName("delivered")]
    public long? Delivered { get; init; }

    /// <summary>Of the users' messages: those that were taken that day.</summary>
    [JsonPropertyName("received")]
    public long? Received { get; init; }
}

/// <summary>Members that are absent are left out.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BillingAnswer))]
public sealed partial class BillingJson : JsonSerializerContext;

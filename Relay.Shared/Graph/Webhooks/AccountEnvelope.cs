using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Webhooks;

/// <summary>A webhook's body about the account and its numbers, not about a message: no user is in it.</summary>
public sealed record AccountEnvelope
{
    [JsonPropertyName("object")]
    public string Object { get; init; } = "whatsapp_business_account";

    [JsonPropertyName("entry")]
    public required IReadOnlyList<AccountEntry> Entry { get; init; }
}

/// <param name="Id">The WhatsApp Business Account.</param>
/// <param name="Time">When it happened, in Unix seconds; a number here, as the Cloud API has it.</param>
/// <param name="Changes">One.</param>
public sealed record AccountEntry(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("time")] long Time,
    [property: JsonPropertyName("changes")] IReadOnlyList<AccountChange> Changes);

/// <param name="Field"><c>phone_number_quality_update</c> or <c>account_update</c>.</param>
/// <param name="Value">What happened.</param>
public sealed record AccountChange(
    [property: JsonPropertyName("field")] string Field,
    [property: JsonPropertyName("value")] AccountEvent Value);

/// <summary>What happened: of a number, its limits; of the account, what it may not do now.</summary>
public sealed record AccountEvent
{
    /// <summary>Digits only.</summary>
    [JsonPropertyName("display_phone_number")]
    public string? DisplayPhoneNumber { get; init; }

    [JsonPropertyName("event")]
    public required string Event { get; init; }

    [JsonPropertyName("current_limit")]
    public string? CurrentLimit { get; init; }

    [JsonPropertyName("old_limit")]
    public string? OldLimit { get; init; }

    /// <summary>All that is in force; an empty list when nothing is any more.</summary>
    [JsonPropertyName("restriction_info")]
    public IReadOnlyList<RestrictionInfo>? Restrictions { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(AccountEvent);
}

/// <summary>Without <c>expiration</c>: an operator lifts it, no clock does.</summary>
/// <param name="Type"><c>RESTRICTED_BIZ_INITIATED_MESSAGING</c>.</param>
public sealed record RestrictionInfo([property: JsonPropertyName("restriction_type")] string Type);

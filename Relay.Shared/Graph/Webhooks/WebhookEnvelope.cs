using System.Text.Json.Serialization;
using Relay.Shared.Graph.Messages;

namespace Relay.Shared.Graph.Webhooks;

/// <summary>A webhook's body (spec/cloud-api.md §3). Ids and timestamps are strings.</summary>
public sealed record WebhookEnvelope
{
    [JsonPropertyName("object")]
    public string Object { get; init; } = "whatsapp_business_account";

    [JsonPropertyName("entry")]
    public required IReadOnlyList<WebhookEntry> Entry { get; init; }
}

/// <summary>Names the WhatsApp Business Account.</summary>
public sealed record WebhookEntry(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("changes")] IReadOnlyList<WebhookChange> Changes);

public sealed record WebhookChange(
    [property: JsonPropertyName("field")] string Field,
    [property: JsonPropertyName("value")] WebhookValue Value);

/// <summary>Messages or statuses, never both.</summary>
public sealed record WebhookValue
{
    [JsonPropertyName("messaging_product")]
    public string MessagingProduct { get; init; } = GraphErrorData.Product;

    [JsonPropertyName("metadata")]
    public required WebhookMetadata Metadata { get; init; }

    [JsonPropertyName("contacts")]
    public IReadOnlyList<WebhookContact>? Contacts { get; init; }

    [JsonPropertyName("messages")]
    public IReadOnlyList<IncomingMessage>? Messages { get; init; }

    [JsonPropertyName("statuses")]
    public IReadOnlyList<StatusUpdate>? Statuses { get; init; }
}

public sealed record WebhookMetadata(
    [property: JsonPropertyName("display_phone_number")] string DisplayPhoneNumber,
    [property: JsonPropertyName("phone_number_id")] string PhoneNumberId)
{
    public override string ToString() => "[redacted]";
}

public sealed record WebhookContact
{
    [JsonPropertyName("profile")]
    public WebhookProfile? Profile { get; init; }

    [JsonPropertyName("wa_id")]
    public required string WaId { get; init; }

    [JsonPropertyName("user_id")]
    public string? UserId { get; init; }

    /// <summary>Only for numbers with <c>user_identity_change.enable_identity_key_check</c>.</summary>
    [JsonPropertyName("identity_key_hash")]
    public string? IdentityKeyHash { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(WebhookContact);
}

public sealed record WebhookProfile([property: JsonPropertyName("name")] string Name)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(WebhookProfile);
}

/// <summary>A user's message: the member that its type names, or of type <c>unsupported</c> with the reason.</summary>
public sealed record IncomingMessage
{
    [JsonPropertyName("context")]
    public IncomingContext? Context { get; init; }

    [JsonPropertyName("from")]
    public required string From { get; init; }

    [JsonPropertyName("from_user_id")]
    public string? FromUserId { get; init; }

    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("timestamp")]
    public required string Timestamp { get; init; }

    [JsonPropertyName("type")]
    public required string Type { get; init; }

    [JsonPropertyName("text")]
    public TextMessage? Text { get; init; }

    [JsonPropertyName("image")]
    public IncomingMedia? Image { get; init; }

    [JsonPropertyName("video")]
    public IncomingMedia? Video { get; init; }

    [JsonPropertyName("audio")]
    public IncomingMedia? Audio { get; init; }

    [JsonPropertyName("document")]
    public IncomingMedia? Document { get; init; }

    [JsonPropertyName("sticker")]
    public IncomingMedia? Sticker { get; init; }

    [JsonPropertyName("location")]
    public LocationMessage? Location { get; init; }

    [JsonPropertyName("contacts")]
    public IReadOnlyList<ContactCard>? ContactCards { get; init; }

    [JsonPropertyName("reaction")]
    public ReactionMessage? Reaction { get; init; }

    [JsonPropertyName("interactive")]
    public IncomingInteractive? Interactive { get; init; }

    [JsonPropertyName("button")]
    public IncomingButton? Button { get; init; }

    [JsonPropertyName("order")]
    public IncomingOrder? Order { get; init; }

    [JsonPropertyName("system")]
    public IncomingSystem? System { get; init; }

    [JsonPropertyName("edit")]
    public IncomingEdit? Edit { get; init; }

    [JsonPropertyName("revoke")]
    public IncomingRevoke? Revoke { get; init; }

    [JsonPropertyName("errors")]
    public IReadOnlyList<WebhookError>? Errors { get; init; }

    [JsonPropertyName("unsupported")]
    public UnsupportedMessage? Unsupported { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(IncomingMessage);
}

/// <summary>The message answered, or that it was forwarded.</summary>
public sealed record IncomingContext
{
    [JsonPropertyName("forwarded")]
    public bool? Forwarded { get; init; }

    /// <summary>More than five times.</summary>
    [JsonPropertyName("frequently_forwarded")]
    public bool? FrequentlyForwarded { get; init; }

    /// <summary>Who wrote the message answered, digits only.</summary>
    [JsonPropertyName("from")]
    public string? From { get; init; }

    /// <summary>The message answered.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(IncomingContext);
}

/// <param name="Type">What the device called it, at most 32 ASCII characters.</param>
public sealed record UnsupportedMessage([property: JsonPropertyName("type")] string Type);

/// <summary>How far a message of the business's has come.</summary>
public sealed record StatusUpdate
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("status")]
    public required string Status { get; init; }

    [JsonPropertyName("timestamp")]
    public required string Timestamp { get; init; }

    [JsonPropertyName("recipient_id")]
    public required string RecipientId { get; init; }

    [JsonPropertyName("recipient_user_id")]
    public string? RecipientUserId { get; init; }

    [JsonPropertyName("biz_opaque_callback_data")]
    public string? CallbackData { get; init; }

    /// <summary>With <c>sent</c>, and with the first of <c>delivered</c> and <c>read</c>.</summary>
    [JsonPropertyName("pricing")]
    public StatusPricing? Pricing { get; init; }

    /// <summary>With <c>failed</c> only.</summary>
    [JsonPropertyName("errors")]
    public IReadOnlyList<WebhookError>? Errors { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(StatusUpdate);
}

/// <summary>What the message costs: nothing, Relay charges for none.</summary>
/// <param name="Type"><c>free_customer_service</c>, or <c>regular</c> for a template.</param>
/// <param name="Category"><c>service</c>, or the template's category.</param>
public sealed record StatusPricing(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("category")] string Category)
{
    [JsonPropertyName("billable")]
    [JsonPropertyOrder(-2)]
    public bool Billable { get; init; }

    [JsonPropertyName("pricing_model")]
    [JsonPropertyOrder(-1)]
    public string PricingModel { get; init; } = "PMP";

    internal static StatusPricing Of(MessageCategory category) => category switch
    {
        MessageCategory.Service => new StatusPricing("free_customer_service", "service"),
        MessageCategory.Utility => new StatusPricing("regular", "utility"),
        MessageCategory.Marketing => new StatusPricing("regular", "marketing"),
        MessageCategory.Authentication => new StatusPricing("regular", "authentication"),
        _ => throw new ArgumentOutOfRangeException(nameof(category)),
    };
}

/// <summary>An error told later: <c>message</c> equals <c>title</c>.</summary>
public sealed record WebhookError
{
    [JsonPropertyName("code")]
    public required int Code { get; init; }

    [JsonPropertyName("title")]
    public required string Title { get; init; }

    [JsonPropertyName("message")]
    public required string Message { get; init; }

    [JsonPropertyName("error_data")]
    public required GraphErrorData Data { get; init; }

    [JsonPropertyName("href")]
    public string? Href { get; init; }

    public static WebhookError From(GraphError error) => new()
    {
        Code = error.Code.Code,
        Title = error.Code.Title,
        Message = error.Code.Title,
        Data = new GraphErrorData { Details = error.Details },
    };
}

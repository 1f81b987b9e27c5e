using System.Text.Json.Serialization;
using Relay.Shared.Graph.Messages;

namespace Relay.Shared.Graph.Webhooks;

/// <summary>What the user chose; the member that its type names.</summary>
public sealed record IncomingInteractive
{
    /// <summary><c>button_reply</c>, <c>list_reply</c> or <c>nfm_reply</c>.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("button_reply")]
    public InteractiveReply? ButtonReply { get; init; }

    [JsonPropertyName("list_reply")]
    public InteractiveRow? ListReply { get; init; }

    [JsonPropertyName("nfm_reply")]
    public FlowReply? FlowReply { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(IncomingInteractive);
}

/// <param name="Name"><c>flow</c>, or what else asked.</param>
/// <param name="Body">What the user saw.</param>
/// <param name="ResponseJson">What the user filled in: JSON as text.</param>
public sealed record FlowReply(
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("body")] string? Body,
    [property: JsonPropertyName("response_json")] string? ResponseJson)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(FlowReply);
}

/// <summary>A press on a template's quick reply.</summary>
public sealed record IncomingButton(
    [property: JsonPropertyName("payload")] string? Payload,
    [property: JsonPropertyName("text")] string? Text)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(IncomingButton);
}

/// <summary>A basket.</summary>
public sealed record IncomingOrder
{
    [JsonPropertyName("catalog_id")]
    public string? CatalogId { get; init; }

    [JsonPropertyName("text")]
    public string? Text { get; init; }

    [JsonPropertyName("product_items")]
    public IReadOnlyList<OrderedProduct>? Products { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(IncomingOrder);
}

public sealed record OrderedProduct
{
    [JsonPropertyName("product_retailer_id")]
    public string? ProductRetailerId { get; init; }

    [JsonPropertyName("quantity")]
    public int? Quantity { get; init; }

    [JsonPropertyName("item_price")]
    public double? Price { get; init; }

    [JsonPropertyName("currency")]
    public string? Currency { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(OrderedProduct);
}

/// <summary>Something about the user.</summary>
public sealed record IncomingSystem
{
    /// <summary>For people.</summary>
    [JsonPropertyName("body")]
    public required string Body { get; init; }

    /// <summary><c>user_changed_number</c> or <c>customer_identity_changed</c>.</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>The new number, digits only.</summary>
    [JsonPropertyName("wa_id")]
    public string? WaId { get; init; }

    /// <summary>The hash of the new identity key.</summary>
    [JsonPropertyName("identity")]
    public string? Identity { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(IncomingSystem);
}

/// <param name="OriginalMessageId">The message that is not to be read any more.</param>
public sealed record IncomingRevoke([property: JsonPropertyName("original_message_id")] string OriginalMessageId);

/// <param name="OriginalMessageId">The message changed.</param>
/// <param name="Message">What it says now.</param>
public sealed record IncomingEdit(
    [property: JsonPropertyName("original_message_id")] string OriginalMessageId,
    [property: JsonPropertyName("message")] EditedMessage Message);

/// <param name="Type"><c>text</c>.</param>
/// <param name="Text">The new text.</param>
public sealed record EditedMessage(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("text")] TextMessage Text);

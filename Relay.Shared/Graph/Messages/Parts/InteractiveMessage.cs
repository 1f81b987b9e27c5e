using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Messages;

/// <summary>A message that asks for an answer; which members it has depends on its type (<see cref="InteractiveRules"/>).</summary>
public sealed record InteractiveMessage
{
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("header")]
    public InteractiveHeader? Header { get; init; }

    [JsonPropertyName("body")]
    public InteractiveText? Body { get; init; }

    [JsonPropertyName("footer")]
    public InteractiveText? Footer { get; init; }

    [JsonPropertyName("action")]
    public InteractiveAction? Action { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(InteractiveMessage);
}

/// <summary>A text or a file above the body.</summary>
public sealed record InteractiveHeader
{
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("text")]
    public string? Text { get; init; }

    [JsonPropertyName("sub_text")]
    public string? SubText { get; init; }

    [JsonPropertyName("image")]
    public MediaMessage? Image { get; init; }

    [JsonPropertyName("video")]
    public MediaMessage? Video { get; init; }

    [JsonPropertyName("document")]
    public MediaMessage? Document { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(InteractiveHeader);
}

public sealed record InteractiveText([property: JsonPropertyName("text")] string? Text = null)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(InteractiveText);
}

/// <summary>What the user can do.</summary>
public sealed record InteractiveAction
{
    /// <summary>Of the types that are told apart by it, e.g. <c>cta_url</c>.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>What opens a list.</summary>
    [JsonPropertyName("button")]
    public string? Button { get; init; }

    [JsonPropertyName("buttons")]
    public IReadOnlyList<InteractiveButton>? Buttons { get; init; }

    [JsonPropertyName("sections")]
    public IReadOnlyList<InteractiveSection>? Sections { get; init; }

    [JsonPropertyName("catalog_id")]
    public string? CatalogId { get; init; }

    [JsonPropertyName("product_retailer_id")]
    public string? ProductRetailerId { get; init; }

    /// <summary>Data of flows, links, orders and the like; passed on to the device as it is.</summary>
    [JsonPropertyName("parameters")]
    [JsonConverter(typeof(WellFormedJsonConverter))]
    public JsonElement? Parameters { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(InteractiveAction);
}

/// <param name="Type"><c>reply</c>, which is also what its absence means.</param>
/// <param name="Reply">What the business hears when it is pressed.</param>
public sealed record InteractiveButton(
    [property: JsonPropertyName("type")] string? Type = null,
    [property: JsonPropertyName("reply")] InteractiveReply? Reply = null);

public sealed record InteractiveReply(
    [property: JsonPropertyName("id")] string? Id = null,
    [property: JsonPropertyName("title")] string? Title = null)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(InteractiveReply);
}

public sealed record InteractiveSection
{
    [JsonPropertyName("title")]
    public string? Title { get; init; }

    [JsonPropertyName("rows")]
    public IReadOnlyList<InteractiveRow>? Rows { get; init; }

    [JsonPropertyName("product_items")]
    public IReadOnlyList<InteractiveProduct>? Products { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(InteractiveSection);
}

public sealed record InteractiveRow
{
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    [JsonPropertyName("title")]
    public string? Title { get; init; }

    [JsonPropertyName("description")]
    public string? Description { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(InteractiveRow);
}

public sealed record InteractiveProduct([property: JsonPropertyName("product_retailer_id")] string? ProductRetailerId = null)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(InteractiveProduct);
}

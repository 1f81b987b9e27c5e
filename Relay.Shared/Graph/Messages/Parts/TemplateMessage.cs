using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Messages;

/// <summary>
/// The member <c>template</c> of <c>POST …/messages</c> as it arrives: which template, and what stands in its places. Nothing is
/// checked: that takes the template.
/// </summary>
public sealed record TemplateMessage
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("language")]
    public TemplateLanguage? Language { get; init; }

    [JsonPropertyName("components")]
    public IReadOnlyList<TemplateMessageComponent?>? Components { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(TemplateMessage);
}

/// <param name="Code">Such as <c>en_US</c>.</param>
/// <param name="Policy"><c>deterministic</c>, which is also what its absence means.</param>
public sealed record TemplateLanguage(
    [property: JsonPropertyName("code")] string? Code = null,
    [property: JsonPropertyName("policy")] string? Policy = null);

/// <summary>What stands in the places of one part of a template.</summary>
public sealed record TemplateMessageComponent
{
    /// <summary><c>header</c>, <c>body</c> or <c>button</c>.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>Of a button: <c>quick_reply</c>, <c>url</c>, <c>copy_code</c>, <c>flow</c>, <c>catalog</c> or <c>mpm</c>.</summary>
    [JsonPropertyName("sub_type")]
    public string? SubType { get; init; }

    /// <summary>Which button, from 0; a number or a text.</summary>
    [JsonPropertyName("index")]
    [JsonConverter(typeof(WellFormedJsonConverter))]
    public JsonElement? Index { get; init; }

    [JsonPropertyName("parameters")]
    public IReadOnlyList<TemplateParameter?>? Parameters { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(TemplateMessageComponent);
}

/// <summary>What stands in one place: <see cref="Type"/> and the member of that name.</summary>
public sealed record TemplateParameter
{
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>The place's name, where places have names.</summary>
    [JsonPropertyName("parameter_name")]
    public string? ParameterName { get; init; }

    [JsonPropertyName("text")]
    public string? Text { get; init; }

    [JsonPropertyName("currency")]
    public TemplateFallback? Currency { get; init; }

    [JsonPropertyName("date_time")]
    public TemplateFallback? DateTime { get; init; }

    [JsonPropertyName("image")]
    public MediaMessage? Image { get; init; }

    [JsonPropertyName("video")]
    public MediaMessage? Video { get; init; }

    [JsonPropertyName("document")]
    public MediaMessage? Document { get; init; }

    [JsonPropertyName("location")]
    public LocationMessage? Location { get; init; }

    /// <summary>What a quick reply tells the business.</summary>
    [JsonPropertyName("payload")]
    public string? Payload { get; init; }

    /// <summary>What a button copies.</summary>
    [JsonPropertyName("coupon_code")]
    public string? CouponCode { get; init; }

    [JsonPropertyName("action")]
    public TemplateAction? Action { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(TemplateParameter);
}

/// <summary>A sum or a time; shown as its fallback, as the Cloud API does.</summary>
public sealed record TemplateFallback([property: JsonPropertyName("fallback_value")] string? FallbackValue = null)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(TemplateFallback);
}

/// <summary>What a button of a flow or a catalogue starts with.</summary>
public sealed record TemplateAction
{
    [JsonPropertyName("flow_token")]
    public string? FlowToken { get; init; }

    [JsonPropertyName("flow_action_data")]
    [JsonConverter(typeof(WellFormedJsonConverter))]
    public JsonElement? FlowActionData { get; init; }

    [JsonPropertyName("thumbnail_product_retailer_id")]
    public string? ThumbnailProduct { get; init; }

    [JsonPropertyName("sections")]
    [JsonConverter(typeof(WellFormedJsonConverter))]
    public JsonElement? Sections { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(TemplateAction);
}

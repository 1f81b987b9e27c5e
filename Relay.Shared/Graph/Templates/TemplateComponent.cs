using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Templates;

/// <summary>A part of a template, as a business writes it and reads it again.</summary>
public sealed record TemplateComponent
{
    /// <summary><c>HEADER</c>, <c>BODY</c>, <c>FOOTER</c> or <c>BUTTONS</c>.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>Of a header: <c>TEXT</c>, <c>IMAGE</c>, <c>VIDEO</c>, <c>DOCUMENT</c> or <c>LOCATION</c>.</summary>
    [JsonPropertyName("format")]
    public string? Format { get; init; }

    [JsonPropertyName("text")]
    public string? Text { get; init; }

    /// <summary>What could stand in the places; kept as it came.</summary>
    [JsonPropertyName("example")]
    [JsonConverter(typeof(WellFormedJsonConverter))]
    public JsonElement? Example { get; init; }

    [JsonPropertyName("buttons")]
    public IReadOnlyList<TemplateButton?>? Buttons { get; init; }

    /// <summary>Of the body of an authentication template.</summary>
    [JsonPropertyName("add_security_recommendation")]
    public bool? AddSecurityRecommendation { get; init; }

    /// <summary>Of the footer of an authentication template; 1 to 90.</summary>
    [JsonPropertyName("code_expiration_minutes")]
    public int? CodeExpirationMinutes { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(TemplateComponent);
}

/// <summary>A button of a template.</summary>
public sealed record TemplateButton
{
    /// <summary><c>QUICK_REPLY</c>, <c>URL</c>, <c>PHONE_NUMBER</c>, <c>COPY_CODE</c>, <c>FLOW</c>, <c>CATALOG</c>, <c>MPM</c> or <c>OTP</c>.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("text")]
    public string? Text { get; init; }

    /// <summary>An address, perhaps with a place at its end.</summary>
    [JsonPropertyName("url")]
    public string? Url { get; init; }

    [JsonPropertyName("phone_number")]
    public string? PhoneNumber { get; init; }

    /// <summary>A text, or a list of texts; kept as it came.</summary>
    [JsonPropertyName("example")]
    [JsonConverter(typeof(WellFormedJsonConverter))]
    public JsonElement? Example { get; init; }

    [JsonPropertyName("flow_id")]
    public string? FlowId { get; init; }

    [JsonPropertyName("flow_name")]
    public string? FlowName { get; init; }

    [JsonPropertyName("flow_json")]
    public string? FlowJson { get; init; }

    [JsonPropertyName("flow_action")]
    public string? FlowAction { get; init; }

    [JsonPropertyName("navigate_screen")]
    public string? NavigateScreen { get; init; }

    [JsonPropertyName("otp_type")]
    public string? OtpType { get; init; }

    [JsonPropertyName("autofill_text")]
    public string? AutofillText { get; init; }

    [JsonPropertyName("package_name")]
    public string? PackageName { get; init; }

    [JsonPropertyName("signature_hash")]
    public string? SignatureHash { get; init; }

    [JsonPropertyName("supported_apps")]
    [JsonConverter(typeof(WellFormedJsonConverter))]
    public JsonElement? SupportedApps { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(TemplateButton);
}

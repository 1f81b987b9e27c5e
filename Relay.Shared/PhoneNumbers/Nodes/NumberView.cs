using System.Text.Json.Nodes;
using Relay.Shared.Graph.Fields;
using Relay.Shared.Limits;

namespace Relay.Shared.PhoneNumbers.Nodes;

/// <summary>The fields of a phone number node (docs/wire-compatibility.md, Numbers and accounts).</summary>
internal static class NumberView
{
    internal const string Webhooks = "webhook_configuration";
    internal const string Automation = "conversational_automation";

    private const string Quality = "quality_rating";
    private const string Limit = "whatsapp_business_manager_messaging_limit";
    private const string OldLimit = "messaging_limit_tier";

    /// <summary>Of a number that is not registered, and while the transport is away.</summary>
    private const string Unknown = "UNKNOWN";

    internal static readonly IReadOnlyList<string> FromRegistration = ["code_verification_status", "name_status", "status", "is_pin_enabled"];

    internal static readonly IReadOnlyList<string> FromTransport = [Quality, Limit, OldLimit];

    internal static NodeView<NumberFacts> View { get; } = new NodeView<NumberFacts>()
        .Shows("id", facts => facts.Number.Id.Value)
        .Shows("verified_name", facts => facts.Number.VerifiedName)
        .Shows("code_verification_status", facts => facts.Registration.IsVerified ? "VERIFIED" : "NOT_VERIFIED")
        .Shows("display_phone_number", facts => facts.Number.Number.Digits)
        .Shows(Quality, facts => facts.Standing?.Quality ?? Unknown)
        .Shows("platform_type", facts => facts.Number.IsRegistered ? "CLOUD_API" : "NOT_APPLICABLE")
        .Shows("throughput", facts => new JsonObject { ["level"] = facts.Number.IsRegistered ? facts.Number.Throughput.Name() : "NOT_APPLICABLE" }, new FieldShape(["level"]))
        .Has(Webhooks, facts => facts.Webhooks)
        .Has("name_status", facts => facts.Registration.IsVerified ? "APPROVED" : "AVAILABLE_WITHOUT_REVIEW")
        .Has("status", Status)
        .Has("account_mode", _ => "LIVE")
        .Has("host_platform", facts => facts.Number.IsRegistered ? "CLOUD_API" : "NOT_APPLICABLE")
        .Has(Limit, facts => facts.Standing?.Tier ?? Unknown)
        .Has(OldLimit, facts => facts.Standing?.Tier ?? Unknown)
        .Has("is_pin_enabled", facts => facts.Registration.Pin is not null)
        .Has("is_official_business_account", _ => false)
        .Has(Automation, facts => facts.Automation, new FieldShape(["enable_welcome_message", "prompts", "commands"], ["id"]));

    private static JsonNode? Status(NumberFacts facts) => facts switch
    {
        { Number.IsRegistered: true } => "CONNECTED",
        { Number.IsDeregistered: true } => "DISCONNECTED",
        _ => "PENDING",
    };
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Relay.Shared.Analytics;
using Relay.Shared.Graph.Fields;

namespace Relay.Shared.Accounts.Nodes;

/// <summary>The fields of a WhatsApp Business Account, of its business and of its app (docs/wire-compatibility.md, Numbers and accounts).</summary>
internal static class AccountViews
{
    /// <summary>Etc/UTC, as Meta numbers it.</summary>
    private const string Utc = "0";

    internal static NodeView<AccountFacts> Account { get; } = new NodeView<AccountFacts>()
        .Shows("id", facts => facts.Business.Waba.Value)
        .Shows("name", facts => facts.Details?.Name ?? facts.Business.Name.Reveal())
        .Shows("timezone_id", facts => facts.Details?.TimezoneId ?? Utc)
        .Shows("message_template_namespace", facts => Namespace(facts.Business))
        .Has("account_review_status", _ => "APPROVED")
        .Has("status", _ => "ACTIVE")
        .Has("ownership_type", _ => "SELF_OWNED")
        .Has("owner_business_info", Owner)
        .Has("on_behalf_of_business_info", Owner)
        .Has(AnalyticsQuestion.Field, facts => facts.Analytics, null, AnalyticsQuestion.Arguments);

    internal static NodeView<Business> Business { get; } = new NodeView<Business>()
        .Shows("id", business => business.Id.Value)
        .Shows("name", business => business.Name.Reveal());

    internal static NodeView<Business> App { get; } = new NodeView<Business>()
        .Shows("id", business => business.AppId)
        .Shows("name", business => business.Name.Reveal())
        .Has("category", _ => "Business");

    private static JsonObject Owner(AccountFacts facts) => new() { ["id"] = facts.Business.Id.Value, ["name"] = facts.Business.Name.Reveal() };

    /// <summary>A name of the account's own that says nothing, in the Cloud API's form: five groups of hex digits.</summary>
    private static string Namespace(Business business)
    {
        string hex = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes("relay template namespace " + business.Waba.Value)));
        return $"{hex[..8]}_{hex[8..12]}_{hex[12..16]}_{hex[16..20]}_{hex[20..32]}";
    }
}

/// <summary>An account and what its business set of it.</summary>
internal sealed record AccountFacts(Business Business, AccountDetails? Details, JsonObject? Analytics)
{
    public override string ToString() => nameof(AccountFacts);
}

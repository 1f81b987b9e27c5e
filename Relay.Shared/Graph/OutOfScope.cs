using System.Diagnostics.CodeAnalysis;

namespace Relay.Shared.Graph;

/// <summary>
/// The edges of the Cloud API that Relay doesn't have, and why: each is answered with code 100 and its reason, never as an unknown path. Their names also stand in the
/// route of the function that answers, which a test compares.
/// </summary>
public static class OutOfScope
{
    private const string Flows = "flows run on a server of Meta's and in WhatsApp's own clients";
    private const string Partners = "it is for partners who bring businesses to Meta; here the operator's admin API does that";
    private const string Groups = "there are no groups";
    private const string Calls = "there are no calls";
    private const string Meta = "it is a service of Meta's own, not of the messaging platform";

    private static readonly Dictionary<string, string> s_reasons = new(StringComparer.Ordinal)
    {
        ["accept"] = Partners,
        ["accept_deactivation_request"] = Partners,
        ["access_token"] = Partners,
        ["activities"] = "what is done is in GET /relay/v1/audit",
        ["add_phone_numbers"] = Partners,
        ["assets"] = Flows,
        ["assigned_users"] = "access tokens are issued and revoked by the admin API",
        ["assigned_whatsapp_business_accounts"] = "access tokens are issued and revoked by the admin API",
        ["business_compliance_info"] = Meta,
        ["call_permissions"] = Calls,
        ["calls"] = Calls,
        ["client_whatsapp_business_accounts"] = Partners,
        ["connected_client_businesses"] = Partners,
        ["deprecate"] = Flows,
        ["extendedcredits"] = Meta,
        ["flows"] = Flows,
        ["groups"] = Groups,
        ["in_progress_onbehalf_request"] = Partners,
        ["invite_link"] = Groups,
        ["join_requests"] = Groups,
        ["marketing_messages"] = "there is no marketing API: POST {phone-number-id}/messages sends templates",
        ["messages_encrypted"] = "payload encryption is not supported: POST {phone-number-id}/messages over TLS",
        ["migrate_flows"] = Flows,
        ["obo_mobility_intent"] = Partners,
        ["official_business_account"] = Meta,
        ["onboard_partners_to_mm_lite"] = Partners,
        ["owned_whatsapp_business_accounts"] = Partners,
        ["participants"] = Groups,
        ["partners"] = Partners,
        ["preverified_numbers"] = Partners,
        ["publish"] = Flows,
        ["reject"] = Partners,
        ["reject_deactivation_request"] = Partners,
        ["schedules"] = "there are no schedules of an account",
        ["send_deactivation_request"] = Partners,
        ["set_obo_mobility_intent"] = Partners,
        ["set_solution_migration_intent"] = Partners,
        ["share_preverified_numbers"] = Partners,
        ["solutions"] = Partners,
        ["whatsapp_business_solution"] = Partners,
        ["whatsapp_business_solutions"] = Partners,
        ["whatsapp_commerce_settings"] = "there are no catalogs",
    };

    public static IReadOnlyCollection<string> Edges => s_reasons.Keys;

    public static bool TryFind(string edge, [NotNullWhen(true)] out GraphError? error)
    {
        error = s_reasons.TryGetValue(edge, out string? reason) ? GraphErrorCode.InvalidParameter.Because($"{edge} is not part of Relay: {reason}.") : null;
        return error is not null;
    }
}

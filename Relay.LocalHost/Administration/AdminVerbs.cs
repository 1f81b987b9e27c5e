namespace Relay.LocalHost.Administration;

/// <summary>Everything that <c>./relay admin</c> does.</summary>
internal static class AdminVerbs
{
    internal const string VerifyVariable = "RELAY_VERIFY_TOKEN";

    private const string Business = "businesses/{business}";

    private static readonly AdminArgument s_business = new("business", "BUSINESS");
    private static readonly AdminArgument s_number = new("number", "NUMBER-ID");
    private static readonly AdminArgument s_token = new("token", "TOKEN-ID");
    private static readonly AdminArgument s_person = new("person", "PERSON");
    private static readonly AdminArgument s_roles = new("roles", "ROLE[:BUSINESS],…", ValueKind.Roles);
    private static readonly AdminArgument s_callback = new("url", "URL") { Member = "callback_url" };
    private static readonly AdminArgument s_verify = new("verify_token", VerifyVariable) { Variable = VerifyVariable };

    internal static IReadOnlyList<AdminVerb> All { get; } =
    [
        new("businesses", "list", HttpMethod.Get, "businesses", "those that you have a role for"),
        new("businesses", "show", HttpMethod.Get, Business, "one, without its secrets") { Arguments = [s_business] },
        new("businesses", "create", HttpMethod.Post, "businesses", "prints the app secret, once") { Arguments = [new("name", "NAME")] },
        new("businesses", "rename", HttpMethod.Put, Business + "/name", "gives it another name") { Arguments = [s_business, new("name", "NAME")] },
        new("businesses", "rotate-secret", HttpMethod.Post, Business + "/app_secret", "prints a new app secret, once; the one before goes on for 24 hours")
        {
            Arguments = [s_business], Options = [new("overlap-hours", "0-168", ValueKind.Number) { Member = "overlap_hours" }],
        },
        new("businesses", "protocols", HttpMethod.Put, Business + "/signal_policy", "with which Signal protocols new sessions are opened")
        {
            Arguments = [s_business, new("protocols", "x3dh,pqxdh,pqxdh_spqr", ValueKind.List)],
        },
        new("businesses", "replay-window", HttpMethod.Put, Business + "/replay_window", "for how long told webhooks can be told again")
        {
            Arguments = [s_business, new("days", "0-29", ValueKind.Number)],
        },
        new("businesses", "close", HttpMethod.Delete, Business, "deletes it and all that it has; nobody can take that back") { Arguments = [s_business] },
        new("wabas", "list", HttpMethod.Get, Business + "/wabas", "its WhatsApp Business Account") { Arguments = [s_business] },
        new("numbers", "list", HttpMethod.Get, Business + "/phone_numbers", "its numbers") { Arguments = [s_business] },
        new("numbers", "show", HttpMethod.Get, Business + "/phone_numbers/{number}", "one") { Arguments = [s_business, s_number] },
        new("numbers", "register", HttpMethod.Post, Business + "/phone_numbers", "adds a number, or takes it into use again")
        {
            Arguments = [s_business, new("phone", "PHONE-NUMBER") { Member = "phone_number" }, new("name", "VERIFIED-NAME") { Member = "verified_name" }],
        },
        new("numbers", "deregister", HttpMethod.Post, Business + "/phone_numbers/{number}/deregister", "takes a number out of use") { Arguments = [s_business, s_number] },
        new("numbers", "remove", HttpMethod.Delete, Business + "/phone_numbers/{number}", "ends a number: anybody may register it then") { Arguments = [s_business, s_number] },
        new("numbers", "throughput", HttpMethod.Put, Business + "/phone_numbers/{number}/throughput", "how much it may send and receive")
        {
            Arguments = [s_business, s_number, new("level", "STANDARD|HIGH")],
        },
        new("users", "list", HttpMethod.Get, Business + "/system_users", "its system users") { Arguments = [s_business] },
        new("users", "add", HttpMethod.Post, Business + "/system_users", "adds a system user") { Arguments = [s_business, new("name", "NAME"), new("role", "ADMIN|EMPLOYEE")] },
        new("users", "remove", HttpMethod.Delete, Business + "/system_users/{user}", "removes one and revokes its tokens") { Arguments = [s_business, new("user", "USER-ID")] },
        new("tokens", "list", HttpMethod.Get, Business + "/access_tokens", "its access tokens, also those that ended in the last 30 days") { Arguments = [s_business] },
        new("tokens", "show", HttpMethod.Get, Business + "/access_tokens/{token}", "one") { Arguments = [s_business, s_token] },
        new("tokens", "issue", HttpMethod.Post, Business + "/access_tokens", "prints an access token, once")
        {
            Arguments = [s_business],
            Options = [new("scopes", "SCOPE,…", ValueKind.List), new("expires", "TIME", ValueKind.Time) { Member = "expires_at" }, new("user", "USER-ID") { Member = "system_user_id" }],
        },
        new("tokens", "expire", HttpMethod.Put, Business + "/access_tokens/{token}/expiry", "sets when it ends")
        {
            Arguments = [s_business, s_token, new("expires", "TIME", ValueKind.Time) { Member = "expires_at" }],
        },
        new("tokens", "revoke", HttpMethod.Delete, Business + "/access_tokens/{token}", "ends it") { Arguments = [s_business, s_token] },
        new("webhooks", "show", HttpMethod.Get, Business + "/webhook", "where its webhooks go") { Arguments = [s_business] },
        new("webhooks", "set", HttpMethod.Put, Business + "/webhook", $"sets the callback; {VerifyVariable} holds its verify token") { Arguments = [s_business, s_callback, s_verify] },
        new("webhooks", "remove", HttpMethod.Delete, Business + "/webhook", "removes the callback") { Arguments = [s_business] },
        new("subscribers", "list", HttpMethod.Get, Business + "/subscribers", "everybody that its webhooks go to") { Arguments = [s_business] },
        new("subscribers", "add", HttpMethod.Post, Business + "/subscribers", $"adds a further one; {VerifyVariable} holds its verify token")
        {
            Arguments = [s_business, s_callback, s_verify], Options = [new("fields", "FIELD,…", ValueKind.List), new("number", "NUMBER-ID") { Member = "phone_number_id" }],
        },
        new("subscribers", "remove", HttpMethod.Delete, Business + "/subscribers/{subscriber}", "removes one") { Arguments = [s_business, new("subscriber", "SUBSCRIBER")] },
        new("integrity", "list", HttpMethod.Get, "integrity", "how every business stands that was active lately"),
        new("integrity", "show", HttpMethod.Get, Business + "/integrity", "how it stands at the transport, and what was counted of it by day") { Arguments = [s_business] },
        new("integrity", "restrict", HttpMethod.Put, Business + "/integrity", "from now on it can only message users who wrote to it within 24 hours")
        {
            Arguments = [s_business], Sets = [("restricted", true)],
        },
        new("integrity", "lift", HttpMethod.Put, Business + "/integrity", "ends that") { Arguments = [s_business], Sets = [("restricted", false)] },
        new("integrity", "tier", HttpMethod.Put, Business + "/integrity", "sets its tier: no rule moves it then")
        {
            Arguments = [s_business, new("tier", "TIER_250|TIER_2K|TIER_10K|TIER_100K|TIER_UNLIMITED")],
        },
        new("integrity", "by-rule", HttpMethod.Put, Business + "/integrity", "lets the rules move its tier again") { Arguments = [s_business], Sets = [("tier_fixed", false)] },
        new("reports", "list", HttpMethod.Get, Business + "/reports", "what users attached to reports of it; opened here, with the files of keys that are given")
        {
            Arguments = [s_business], Options = [new("key", "FILE,…", ValueKind.KeyFiles)], Columns = ["id", "day", "state", "content"],
        },
        new("reports", "close", HttpMethod.Delete, Business + "/reports/{report}", "deletes what was attached to one") { Arguments = [s_business, new("report", "REPORT")] },
        new("reports", "accept", HttpMethod.Put, "report_key", "users may attach what was said, sealed for the key in FILE, which is made unless it is there: whoever loses it can't read it any more")
        {
            Arguments = [new("key", "FILE", ValueKind.PublicKey) { Member = "public_key" }],
        },
        new("reports", "refuse", HttpMethod.Put, "report_key", "users may attach nothing any more") { Sets = [("public_key", string.Empty)] },
        new("people", "list", HttpMethod.Get, "people", "who may use the admin API"),
        new("people", "add", HttpMethod.Post, "people", "lets somebody in: of Entra by --object-id, else by a key that is printed, once")
        {
            Arguments = [s_roles],
            Options = [new("name", "NAME"), new("object-id", "OBJECT-ID") { Member = "object_id" }, new("app", string.Empty, ValueKind.Flag)],
        },
        new("people", "roles", HttpMethod.Put, "people/{person}/roles", "sets what somebody is") { Arguments = [s_person, s_roles] },
        new("people", "remove", HttpMethod.Delete, "people/{person}", "lets somebody out") { Arguments = [s_person] },
        new("audit", "list", HttpMethod.Get, "audit", "whose audits there are; 0 is the operator's own"),
        new("audit", "show", HttpMethod.Get, Business + "/audit", "who opened or administered what (./relay audit verify proves it)")
        {
            Arguments = [s_business], Columns = ["row", "entry.at", "entry.who", "entry.operation", "entry.data"],
        },
        new("statistics", "list", HttpMethod.Get, "statistics", "user-days over all businesses, by week, with noise") { Options = [new("since", "DAY", ValueKind.Query)] },
        new("receipts", "list", HttpMethod.Get, Business + "/deletion_receipts", "what was deleted")
        {
            Arguments = [s_business], Columns = ["receipt.id", "receipt.kind", "receipt.at"],
        },
        new("privacy", "show", HttpMethod.Get, Business + "/privacy", "what is held of it, and how it is protected") { Arguments = [s_business] },
        new("billing", "show", HttpMethod.Get, Business + "/billing", "what is billed, by day and category")
        {
            Arguments = [s_business], Options = [new("start", "DAY", ValueKind.Query), new("end", "DAY", ValueKind.Query)],
        },
    ];
}

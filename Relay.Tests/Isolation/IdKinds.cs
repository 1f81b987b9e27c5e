namespace Relay.Tests.Isolation;

/// <summary>
/// How the ids of a route are made: for each route parameter the kinds of id that may stand there. A parameter that isn't here fails the matrix: say what kind it is, and where
/// <see cref="IsolationParty"/> has one; or why it names nothing of a business.
/// </summary>
internal static class IdKinds
{
    internal const string Phone = "phone";
    internal const string Waba = "waba";
    internal const string Business = "business";
    internal const string App = "app";
    internal const string Media = "media";
    internal const string Template = "template";
    internal const string TemplateName = "template_name";
    internal const string Qr = "qr";
    internal const string History = "history";
    internal const string HistoryCursor = "history_cursor";
    internal const string EventsCursor = "events_cursor";
    internal const string NumbersCursor = "numbers_cursor";
    internal const string TemplatesCursor = "templates_cursor";
    internal const string QrCursor = "qr_cursor";
    internal const string BlocksCursor = "blocks_cursor";

    /// <summary>A message of the business.</summary>
    internal const string Sent = "sent";

    /// <summary>A message of its user.</summary>
    internal const string Received = "received";

    /// <summary>Its user's id, for it alone.</summary>
    internal const string UserId = "user_id";

    /// <summary>The number of a user with whom it alone has talked.</summary>
    internal const string User = "user";
    internal const string Token = "token";
    internal const string TokenId = "token_id";
    internal const string SystemUser = "system_user";
    internal const string AppToken = "app_token";
    internal const string Subscriber = "subscriber";
    internal const string IdempotencyKey = "idempotency_key";

    /// <summary>By parameter of a route.</summary>
    internal static readonly IReadOnlyDictionary<string, string[]> OfParameter = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["phoneNumberId"] = [Phone],
        ["wabaId"] = [Waba],
        ["appId"] = [App],
        ["nodeId"] = [Phone, Waba, Business, App, Template, Media],
        ["messageHistoryId"] = [History],
        ["code"] = [Qr],
        ["number"] = [User],
        ["businessId"] = [Business],
        ["tokenId"] = [TokenId],
        ["userId"] = [SystemUser],
        ["subscriberId"] = [Subscriber],
    };

    /// <summary>What stands for a parameter that names nothing of a business.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Fixed = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["version"] = "v25.0",

        // An edge that Relay lacks, named in the route.
        ["edge"] = "flows",
    };
}

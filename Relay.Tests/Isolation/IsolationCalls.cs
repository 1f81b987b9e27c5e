namespace Relay.Tests.Isolation;

/// <summary>
/// What is asked of each function: by its name, without <c>Unversioned</c>. A function that isn't here fails the matrix: give it a request that succeeds for its owner, with
/// every id that it takes in query, body and headers.
/// </summary>
internal static class IsolationCalls
{
    /// <summary>Functions that take no business's or operator's credential, and why.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Others = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["AcceptEnvelope"] = "the transport's, signed under the number's own secret (HostileDeviceTests)",
        ["DrawQrCodePng"] = "anybody's: the link alone, looked up in no table",
        ["DrawQrCodeSvg"] = "anybody's: the link alone, looked up in no table",
        ["AdminAdoptNumber"] = "another stamp's manager's, signed",
        ["AdminReady"] = "anybody's",
        ["AdminAddPerson"] = "the operator's own people; what a role for one business reaches is RoleTests'",
        ["AdminListPeople"] = "the operator's own people",
        ["AdminSetPersonRoles"] = "the operator's own people",
        ["AdminRemovePerson"] = "the operator's own people",
        ["Health"] = "anybody's",
        ["Ready"] = "anybody's",
        ["zzUnknownPath"] = "every unknown path",
    };

    internal static readonly IReadOnlyDictionary<string, IsolationCall[]> All = new Dictionary<string, IsolationCall[]>(StringComparer.Ordinal)
    {
        ["SendMessage"] =
        [
            Message("\"text\":{\"body\":\"Hello\"},\"context\":{\"message_id\":\"<sent>\"}"),
            Message("\"text\":{\"body\":\"Hello\"},\"context\":{\"message_id\":\"<received>\"}"),
            Message("\"type\":\"reaction\",\"reaction\":{\"message_id\":\"<received>\",\"emoji\":\"\\uD83D\\uDE00\"}"),
            Message("\"type\":\"image\",\"image\":{\"id\":\"<media>\"}"),
            Message("\"type\":\"template\",\"template\":{\"name\":\"<template_name>\",\"language\":{\"code\":\"en\"}}"),
            Post("{\"messaging_product\":\"whatsapp\",\"recipient\":\"<user_id>\",\"text\":{\"body\":\"Hello\"}}"),
            Post("{\"messaging_product\":\"whatsapp\",\"status\":\"read\",\"message_id\":\"<received>\",\"typing_indicator\":{\"type\":\"text\"}}"),
            Message("\"text\":{\"body\":\"Hello\"}") with { Key = "<idempotency_key>", OwnersError = 100 },
        ],
        ["UploadMedia"] =
        [
            Post("--b\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\n\r\n--b--\r\n")
                with { ContentType = "multipart/form-data; boundary=b" },
        ],
        // By its token; an address that Relay signed is good for whoever has it, for five minutes. The time is the matrix's, and five minutes.
        ["DownloadMedia"] = [Get("mid=<media>&ext=1795694700"), Get("mid=<media>&biz=<business>&ext=1795694700")],
        ["GetNode"] = [Get(), Get("phone_number_id=<phone>") with { Nodes = [IdKinds.Media] }],
        ["ChangeNode"] =
        [
            Post("{\"pin\":\"123456\"}") with { Nodes = [IdKinds.Phone] }, Post("{\"name\":\"New\"}") with { Nodes = [IdKinds.Waba] },
            Post("{\"category\":\"MARKETING\"}") with { Nodes = [IdKinds.Template] }, Post("{}") with { Nodes = [IdKinds.Business, IdKinds.App, IdKinds.Media], OwnersError = 100 },
        ],
        ["DeleteNode"] = [Delete() with { Nodes = [IdKinds.Media] }, Delete("phone_number_id=<phone>") with { Nodes = [IdKinds.Media], OwnersError = 100 }, Delete() with { Nodes = [IdKinds.Phone, IdKinds.Waba, IdKinds.Business, IdKinds.App, IdKinds.Template], OwnersError = 100 }],
        ["AnswerOutOfScope"] = [Get() with { OwnersError = 100 }, Post("{}") with { OwnersError = 100 }, Delete() with { OwnersError = 100 }],
        ["GetSettings"] = [Get()],
        ["SetSettings"] = [Post("{\"user_identity_change\":{\"enabled\":false}}")],
        ["GetSubscribedApps"] = [Get()],
        ["SubscribeApp"] = [Post("{}")],
        ["UnsubscribeApp"] = [Delete()],
        ["ListPhoneNumbers"] = [Get(), Get("limit=1&after=<numbers_cursor>"), Get("limit=1&before=<numbers_cursor>")],
        ["AddPhoneNumber"] = [Post("{\"cc\":\"49\",\"phone_number\":\"15112345678\",\"verified_name\":\"New\"}")],
        ["RequestCode"] = [Post("{\"code_method\":\"SMS\",\"language\":\"en_US\"}") with { OwnersError = 136024 }],
        ["VerifyCode"] = [Post("{\"code\":\"123456\"}") with { OwnersError = 136025 }],
        ["RegisterPhoneNumber"] = [Post("{\"messaging_product\":\"whatsapp\",\"pin\":\"123456\"}")],
        ["DeregisterPhoneNumber"] = [Post("{}")],
        ["GetBusinessProfile"] = [Get()],
        ["SetBusinessProfile"] = [Post("{\"messaging_product\":\"whatsapp\",\"about\":\"New\"}")],
        ["GetBusinessEncryption"] = [Get()],
        ["SetBusinessEncryption"] = [Post("business_public_key=<public_key>") with { ContentType = "application/x-www-form-urlencoded" }],
        ["GetConversationalAutomation"] = [Get()],
        ["SetConversationalAutomation"] = [Post("{\"enable_welcome_message\":true}")],
        ["ListQrCodes"] = [Get(), Get("limit=1&after=<qr_cursor>"), Get("limit=1&before=<qr_cursor>"), Get("code=<qr>")],
        ["SaveQrCode"] = [Post("{\"prefilled_message\":\"Hi\"}"), Post("{\"code\":\"<qr>\",\"prefilled_message\":\"Ho\"}")],
        ["GetQrCode"] = [Get()],
        ["UpdateQrCode"] = [Post("{\"prefilled_message\":\"He\"}")],
        ["DeleteQrCode"] = [Delete()],
        ["ListBlockedUsers"] = [Get(), Get("limit=1&after=<blocks_cursor>"), Get("limit=1&before=<blocks_cursor>")],
        ["BlockUsers"] = [Post(Blocks)],
        ["UnblockUsers"] = [Delete() with { Body = Blocks }],
        ["ListAppSubscriptions"] = [Get() with { Caller = IdKinds.AppToken }],
        ["SetAppSubscription"] =
        [
            Post("object=whatsapp_business_account&callback_url=<callback>&verify_token=<verify_token>&fields=messages") with { Caller = IdKinds.AppToken, ContentType = "application/x-www-form-urlencoded" },
        ],
        ["EndAppSubscription"] = [Delete("object=whatsapp_business_account") with { Caller = IdKinds.AppToken }],
        // Both of another are its own credential.
        ["IssueAppToken"] = [Get("grant_type=client_credentials&client_id=<app>&client_secret=<app_secret>") with { OneAtATime = true }],
        ["DebugToken"] = [Get("input_token=<token>"), Get("input_token=<app_token>") with { Caller = IdKinds.AppToken }, Get("input_token=<token>") with { Caller = IdKinds.AppToken }],
        ["ListTemplates"] = [Get(), Get("limit=1&after=<templates_cursor>"), Get("limit=1&before=<templates_cursor>"), Get("name=<template_name>")],
        ["CreateTemplate"] = [Post("{\"name\":\"made\",\"language\":\"en\",\"category\":\"UTILITY\",\"components\":[{\"type\":\"BODY\",\"text\":\"Hello\"}]}")],
        ["DeleteTemplates"] = [Delete("name=<template_name>&hsm_id=<template>"), Delete("name=<second_template>") with { OwnersError = 0 }],
        ["ListMessageHistory"] =
        [
            Get(), Get("message_id=<sent>"), Get("message_id=<received>") with { OwnersError = -1 }, Get("limit=1&after=<history_cursor>"), Get("limit=1&before=<history_cursor>") with { OwnersError = -1 },
            Get("limit=1&fields=id,message_id,events{id}"),
        ],
        ["ListMessageHistoryEvents"] = [Get(), Get("limit=1&after=<events_cursor>")],
        ["ShowSafetyNumber"] = [Post("{\"user\":\"<user>\"}")],
        ["AcceptReplay"] = [Post("{\"message_id\":\"<sent>\"}"), Post("{\"message_id\":\"<received>\"}")],
        ["EraseContact"] = [Delete()],
        ["ExportContact"] = [Get()],
        ["ListAudit"] = [Get(), Get("after=1")],
        ["ListDeletionReceipts"] = [Get(), Get("after=20261101-retention")],
        ["ShowPrivacy"] = [Get()],
        ["ShowBilling"] = [Get()],
        ["ShowSigningKeys"] = [Get()],

        // The vault's key, the same for all: nothing of a business.
        ["ShowSigningKey"] = [],
        ["AdminShowSigningKey"] = [],
        ["AdminListAudited"] = [],
        ["AdminListStatistics"] = [],
        ["AdminCreateBusiness"] = [],

        // An operator may reach every business by its own id: what matters is another's id below it.
        ["AdminRegisterNumber"] = [],
        ["AdminListBusinesses"] = [],
        ["AdminShowBusiness"] = [],
        ["AdminRenameBusiness"] = [],
        ["AdminRotateAppSecret"] = [],
        ["AdminListWabas"] = [],
        ["AdminListNumbers"] = [],
        ["AdminAddSystemUser"] = [],
        ["AdminListSystemUsers"] = [],
        ["AdminListTokens"] = [],
        ["AdminShowWebhook"] = [],
        ["AdminRemoveWebhook"] = [],
        ["AdminShowPrivacy"] = [],

        // They end the number that all else is asked of: TenantTests tries another's.
        ["AdminDeregisterNumber"] = [],
        ["AdminRemoveNumber"] = [],
        ["AdminShowNumber"] = [Get() with { Caller = Operator }],
        ["AdminIssueToken"] = [Post("{\"system_user_id\":\"<system_user>\"}") with { Caller = Operator }],
        ["AdminShowToken"] = [Get() with { Caller = Operator }],
        ["AdminSetTokenExpiry"] = [Put("{\"expires_at\":4102444800}") with { Caller = Operator }],
        ["AdminRemoveSystemUser"] = [Delete() with { Caller = Operator }],
        ["AdminSetWebhook"] = [],
        ["AdminSetSignalPolicy"] = [],
        ["AdminSetReplayWindow"] = [],
        ["AdminListAudit"] = [],
        ["AdminListDeletionReceipts"] = [],
        ["AdminListSubscribers"] = [],
        ["AdminShowBilling"] = [],
        ["AdminListIntegrity"] = [],
        ["AdminShowIntegrity"] = [],
        ["AdminSetIntegrity"] = [],
        ["AdminListReports"] = [],
        ["AdminSetReportKey"] = [],

        // The transport's, below a business: ReportReviewTests tries another's.
        ["AdminCloseReport"] = [],
        ["AdminCloseBusiness"] = [],
        ["AdminRevokeToken"] = [Delete() with { Caller = Operator }],
        ["AdminSetThroughput"] = [Put("{\"level\":\"HIGH\"}") with { Caller = Operator }],
        ["AdminAddSubscriber"] = [Post("{\"callback_url\":\"<callback_url>\",\"verify_token\":\"<verify_token>\",\"phone_number_id\":\"<phone>\"}") with { Caller = Operator }],
        ["AdminRemoveSubscriber"] = [Delete() with { Caller = Operator }],
    };

    internal const string Operator = "admin";

    private const string Blocks = "{\"messaging_product\":\"whatsapp\",\"block_users\":[{\"user\":\"<user>\"}]}";

    private static IsolationCall Get(string query = "") => new("GET") { Query = query };

    private static IsolationCall Delete(string query = "") => new("DELETE") { Query = query };

    private static IsolationCall Post(string body) => new("POST") { Body = body };

    private static IsolationCall Put(string body) => new("PUT") { Body = body };

    private static IsolationCall Message(string members) => Post($"{{\"messaging_product\":\"whatsapp\",\"to\":\"<user>\",{members}}}");
}

namespace Relay.Shared.Graph;

/// <summary>
/// The one table of what can go wrong on the wire: code, HTTP status, title, type and whether trying again can help
/// (spec/cloud-api.md §2.3). Closed: nobody else can make a row.
/// </summary>
public sealed class GraphErrorCode
{
    private const string OAuth = "OAuthException";
    private const string GraphMethod = "GraphMethodException";

    private static readonly List<GraphErrorCode> Rows = [];

    public static readonly GraphErrorCode AuthenticationFailed = new(0, 401, "AuthException");
    public static readonly GraphErrorCode Unknown = new(1, 500, "API Unknown", retryable: true);
    public static readonly GraphErrorCode ServiceUnavailable = new(2, 503, "API Service", retryable: true);
    public static readonly GraphErrorCode TooManyCalls = new(4, 429, "API Too Many Calls", retryable: true);
    public static readonly GraphErrorCode AppTokenNeeded = new(15, 400, "This method must be called with an app access_token");
    public static readonly GraphErrorCode InvalidParameter = new(100, 400, "Invalid parameter");

    /// <summary>No such object, or not for this caller: the two are never told apart.</summary>
    public static readonly GraphErrorCode UnknownObject = new(
        100,
        400,
        "Unsupported request. The object does not exist, cannot be loaded due to missing permissions, or does not support this operation",
        GraphMethod,
        subcode: 33);

    public static readonly GraphErrorCode TemplateLimitReached = new(100, 400, "Invalid parameter", subcode: 2388019);
    public static readonly GraphErrorCode TemplateExists = new(100, 400, "Invalid parameter", subcode: 2388024);
    public static readonly GraphErrorCode TemplatePartTooLong = new(100, 400, "Invalid parameter", subcode: 2388040);
    public static readonly GraphErrorCode TemplateMemberUnexpected = new(100, 400, "Invalid parameter", subcode: 2388042);
    public static readonly GraphErrorCode TemplateMemberMissing = new(100, 400, "Invalid parameter", subcode: 2388043);
    public static readonly GraphErrorCode TemplateHeaderFormat = new(100, 400, "Invalid parameter", subcode: 2388047);
    public static readonly GraphErrorCode TemplateBodyFormat = new(100, 400, "Invalid parameter", subcode: 2388072);
    public static readonly GraphErrorCode TemplateFooterFormat = new(100, 400, "Invalid parameter", subcode: 2388073);
    public static readonly GraphErrorCode TemplatePlaceAtEdge = new(100, 400, "Invalid parameter", subcode: 2388299);

    /// <summary>An address to download media from that is good no more. The subcode is ours.</summary>
    public static readonly GraphErrorCode MediaGone = new(100, 404, "Media not found", GraphMethod, subcode: 404);

    public static readonly GraphErrorCode InvalidToken = new(190, 401, "Access token has expired or is invalid");
    public static readonly GraphErrorCode NoPermission = new(200, 403, "API Permission");
    public static readonly GraphErrorCode PolicyBlock = new(368, 403, "Temporarily blocked for policies violations");
    public static readonly GraphErrorCode UnknownPath = new(2500, 400, "Unknown path components");
    public static readonly GraphErrorCode AccountRateLimit = new(80007, 429, "Rate limit issues", retryable: true);
    public static readonly GraphErrorCode BlockedUser = new(130403, 400, "Business has blocked this user");
    public static readonly GraphErrorCode NumberRateLimit = new(130429, 429, "Rate limit hit", retryable: true);
    public static readonly GraphErrorCode SomethingWentWrong = new(131000, 500, "Something went wrong", retryable: true);
    public static readonly GraphErrorCode ParameterMissing = new(131008, 400, "Required parameter is missing");
    public static readonly GraphErrorCode ParameterInvalid = new(131009, 400, "Parameter value is not valid");
    public static readonly GraphErrorCode RecipientIsSender = new(131021, 400, "Recipient cannot be sender");
    public static readonly GraphErrorCode Undeliverable = new(131026, 400, "Message undeliverable");

    public static readonly GraphErrorCode NumberRegistrationFault = new(131045, 500, "Message failed to send due to a phone number registration error");
    public static readonly GraphErrorCode OutsideWindow = new(131047, 400, "Re-engagement message");
    public static readonly GraphErrorCode SpamRateLimit = new(131048, 400, "Spam rate limit hit");
    public static readonly GraphErrorCode UnsupportedMessageType = new(131051, 400, "Unsupported message type");
    public static readonly GraphErrorCode MediaDownloadFailed = new(131052, 400, "Media download error");
    public static readonly GraphErrorCode MediaUploadFailed = new(131053, 400, "Media upload error");
    public static readonly GraphErrorCode PairRateLimit = new(131056, 429, "(Business Account, Consumer Account) pair rate limit hit", retryable: true);
    public static readonly GraphErrorCode TemplateParameterCount = new(132000, 400, "Number of parameters does not match the expected number of params");
    public static readonly GraphErrorCode TemplateUnknown = new(132001, 404, "Template name does not exist in the translation");
    public static readonly GraphErrorCode TemplateTextTooLong = new(132005, 400, "Translated text too long");
    public static readonly GraphErrorCode TemplateParameterFormat = new(132012, 400, "Parameter format does not match format in the created template");
    public static readonly GraphErrorCode TemplateParameterInvalid = new(132018, 400, "There's an issue with the parameters in your template");
    public static readonly GraphErrorCode PinMismatch = new(133005, 400, "Two step verification PIN mismatch");
    public static readonly GraphErrorCode NumberNotVerified = new(133006, 400, "Phone number re-verification needed");
    public static readonly GraphErrorCode TooManyPinGuesses = new(133008, 400, "Too many two step verification PIN guesses");
    public static readonly GraphErrorCode PinGuessedTooFast = new(133009, 400, "Two step verification PIN guessed too fast");
    public static readonly GraphErrorCode NumberNotRegistered = new(133010, 400, "Phone number not registered");
    public static readonly GraphErrorCode TooManyRegistrations = new(133016, 400, "Account register deregister rate limit exceeded");

    public static readonly GraphErrorCode CodeNotSent = new(136024, 400, "Request code error");
    public static readonly GraphErrorCode CodeNotVerified = new(136025, 400, "Verify code error");

    /// <summary>Told by webhook only.</summary>
    public static readonly GraphErrorCode IdentityChanged = new(137000, 400, "Recipient identity key hash mismatch");

    /// <summary>Stands beside the result of those that succeeded.</summary>
    public static readonly GraphErrorCode NotAllBlocked = new(139100, 400, "Failed to block/unblock some users");
    public static readonly GraphErrorCode BlockListFull = new(139101, 400, "Blocklist limit reached");
    public static readonly GraphErrorCode BlockListBusy = new(139102, 400, "Blocklist concurrent update", retryable: true);

    private GraphErrorCode(int code, int httpStatus, string title, string type = OAuth, bool retryable = false, int? subcode = null)
    {
        Code = code;
        HttpStatus = httpStatus;
        Title = title;
        Type = type;
        Retryable = retryable;
        Subcode = subcode;
        Rows.Add(this);
    }

    public static IReadOnlyList<GraphErrorCode> All => Rows;

    public int Code { get; }

    public int? Subcode { get; }

    public int HttpStatus { get; }

    public string Title { get; }

    public string Type { get; }

    /// <summary>The same request may succeed later.</summary>
    public bool Retryable { get; }

    /// <summary>As <c>error.message</c> says it, e.g. <c>(#131009) Parameter value is not valid</c>.</summary>
    public string Message => $"(#{Code}) {Title}";

    /// <param name="details">For people, about this case; never content, numbers or tokens.</param>
    public GraphError Because(string details) => new(this, details);

    public override string ToString() => Subcode is { } subcode ? $"{Code}/{subcode}" : $"{Code}";
}

using System.Text.Json.Serialization;

namespace Relay.Shared.Transport.Wire;

/// <summary>Every error of the transport's API: <c>{"error":{"code":"…","message":"…"}}</c>.</summary>
public sealed record TransportErrorResponse([property: JsonPropertyName("error")] TransportError Error);

/// <param name="Code">One of <see cref="TransportErrorCode"/>; stable.</param>
/// <param name="Message">For people; may change.</param>
public sealed record TransportError(
    [property: JsonPropertyName("code")] string Code,
    [property: JsonPropertyName("message")] string Message);

/// <summary>The closed list of error codes, each with its HTTP status.</summary>
public static class TransportErrorCode
{
    /// <summary>400: the body isn't what the operation takes.</summary>
    public const string BadRequest = "bad_request";

    /// <summary>401: no or wrong credential.</summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>403: wrong or expired verification code, or no attempts left.</summary>
    public const string VerificationFailed = "verification_failed";

    /// <summary>403: the business has messaged as many users in 24 hours as its tier allows; those it has messaged, and those who wrote to it, can still be messaged.</summary>
    public const string TierLimit = "tier_limit";

    /// <summary>403: the operator has stopped the business: only users who wrote to it can be messaged.</summary>
    public const string Restricted = "restricted";

    /// <summary>404: no device is registered for that number.</summary>
    public const string UnknownNumber = "unknown_number";

    /// <summary>404: there is no such attachment, or not any more.</summary>
    public const string UnknownAttachment = "unknown_attachment";

    /// <summary>404: the token reports no message to this device, or not any more.</summary>
    public const string UnknownReport = "unknown_report";

    /// <summary>409: another business number's device holds that number.</summary>
    public const string NumberTaken = "number_taken";

    /// <summary>413: the body or the envelope is too large.</summary>
    public const string TooLarge = "too_large";

    /// <summary>429: too many attempts; see Retry-After.</summary>
    public const string TooMany = "too_many_requests";

    /// <summary>503: the transport can't do its work now; the same call may be repeated.</summary>
    public const string Unavailable = "unavailable";
}

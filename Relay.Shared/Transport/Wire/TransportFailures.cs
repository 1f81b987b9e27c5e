namespace Relay.Shared.Transport.Wire;

/// <summary>Failures as operations answer them; the message never quotes what the client sent.</summary>
internal static class TransportFailures
{
    internal static readonly TransportFailure UnknownNumber = new(TransportErrorCode.UnknownNumber, "No device is registered for that number.");

    internal static readonly TransportFailure UnknownAttachment = new(TransportErrorCode.UnknownAttachment, "There is no such attachment, or not any more.");

    internal static readonly TransportFailure UnknownReport = new(TransportErrorCode.UnknownReport, "The token reports no message to this device, or not any more.");

    internal static readonly TransportFailure NumberTaken = new(TransportErrorCode.NumberTaken, "Another business number's device holds that number.");

    internal static readonly TransportFailure Overtaken = new(TransportErrorCode.Unauthorized, "The call was signed before the number's last registration.");

    internal static readonly TransportFailure StandingOvertaken = new(TransportErrorCode.Unauthorized, "The call was signed before the standing's last change.");

    internal static readonly TransportFailure NotABusiness = BadRequest("'business' is not 1 to 64 letters and digits.");

    internal static readonly TransportFailure VerificationFailed =
        new(TransportErrorCode.VerificationFailed, "The code is wrong, was used, has expired, or has no attempts left.");

    internal static readonly TransportFailure TierLimit =
        new(TransportErrorCode.TierLimit, "The business has messaged as many users in 24 hours as its tier allows.");

    internal static readonly TransportFailure Restricted = new(TransportErrorCode.Restricted, "The business is restricted.");

    internal static readonly TransportFailure NotANumber = BadRequest("'number' is not a telephone number in international form.");

    internal static TransportFailure BadRequest(string message) => new(TransportErrorCode.BadRequest, message);

    internal static TransportFailure TooMany(TimeSpan retryAfter) =>
        new(TransportErrorCode.TooMany, "Too many attempts for this number.", retryAfter);
}

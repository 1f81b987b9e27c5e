using Relay.Shared.Transport.Wire;

namespace Relay.Phone;

/// <summary>What the transport's refusals mean to the phone's user.</summary>
internal static class TransportRefusal
{
    /// <exception cref="PhoneException">The transport refused.</exception>
    internal static T Require<T>(TransportResult<T> result)
        where T : class =>
        result.IsSuccess ? result.Value : throw ToException(result.Failure);

    internal static PhoneException ToException(TransportFailure failure) => new(failure.Code switch
    {
        TransportErrorCode.Unauthorized => "The transport doesn't know this device (any more): its number was registered by another one, or the transport lost its data.",
        TransportErrorCode.VerificationFailed => "The verification code is wrong or has expired.",
        TransportErrorCode.UnknownNumber => "No device is registered for that number.",
        TransportErrorCode.UnknownAttachment => "The file isn't there any more: files are kept for 30 days.",
        TransportErrorCode.UnknownReport => "That message can't be reported any more.",
        TransportErrorCode.TooLarge => "The transport doesn't take anything that large.",
        TransportErrorCode.TooMany => $"Too many attempts. Try again in {failure.RetryAfter?.TotalSeconds ?? 60:0} s.",
        _ => $"The transport refused: {failure.Message}",
    });
}

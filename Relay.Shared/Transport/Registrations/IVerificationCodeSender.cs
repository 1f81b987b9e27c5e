using Relay.Shared.Primitives;

namespace Relay.Shared.Transport.Registrations;

/// <summary>Brings a verification code to the holder of a number: an SMS or voice gateway in production.</summary>
public interface IVerificationCodeSender
{
    /// <summary>
    /// Sends at most once for a call. A failure is an exception; the code then counts as sent and ends by itself.
    /// </summary>
    Task SendAsync(PhoneNumber number, string registrationId, Secret code, CancellationToken cancellationToken);
}

using Relay.Shared.Primitives;

namespace Relay.Shared.PhoneNumbers.Registration;

/// <summary>Brings the code to a business's number that proves that the business holds it: an SMS or voice gateway in production.</summary>
public interface INumberCodeSender
{
    /// <summary>Sends at most once for a call. A failure is an exception; the code then counts as sent and ends by itself.</summary>
    Task SendAsync(PhoneNumber number, CodeMethod method, string language, Secret code, CancellationToken cancellationToken);
}

/// <summary>How a code comes.</summary>
public enum CodeMethod
{
    Sms,
    Voice,
}

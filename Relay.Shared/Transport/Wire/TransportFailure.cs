namespace Relay.Shared.Transport.Wire;

/// <summary>Why an operation of the transport wasn't done: what a correct client can cause, never a fault.</summary>
/// <param name="Code">One of <see cref="TransportErrorCode"/>.</param>
/// <param name="Message">For people; never quotes what the client sent.</param>
/// <param name="RetryAfter">When to try again, with <see cref="TransportErrorCode.TooMany"/>.</param>
public sealed record TransportFailure(string Code, string Message, TimeSpan? RetryAfter = null);

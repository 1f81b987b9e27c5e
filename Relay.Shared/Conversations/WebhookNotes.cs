using Relay.Shared.Primitives;

namespace Relay.Shared.Conversations;

/// <summary>What a row says in clear of the event that it tells, beside when it was.</summary>
/// <param name="Used">The one-time pre-keys that the envelope used.</param>
/// <param name="Inner">The content's own id, by which the business knows the message; null when it is the envelope's.</param>
/// <param name="ErrorCode">The Cloud API's code of a failure.</param>
/// <param name="Accepted">When the message was accepted, where its failure is the first that is stored of it.</param>
internal readonly record struct WebhookNotes(UsedPreKeys Used = default, EnvelopeId? Inner = null, int? ErrorCode = null, DateTimeOffset? Accepted = null);

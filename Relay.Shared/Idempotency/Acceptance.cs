using Relay.Shared.Primitives;

namespace Relay.Shared.Idempotency;

/// <summary>What an accepted request became: everything that its answer and its queue message are made of beside the request itself.</summary>
/// <param name="Conversation">Where it went.</param>
/// <param name="Message">Its id there.</param>
/// <param name="At">When it was accepted, in Unix milliseconds.</param>
internal readonly record struct Acceptance(ConversationId Conversation, EnvelopeId Message, long At);

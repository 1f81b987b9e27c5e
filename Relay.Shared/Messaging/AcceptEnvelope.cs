using System.Text.Json;
using Relay.Shared.Accounts;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Limits;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Messaging;

/// <summary>What the relay answers to a push.</summary>
public enum PushVerdict
{
    /// <summary>Durable: the transport may forget the envelope.</summary>
    Accepted,

    /// <summary>Not signed by this number's secret, not fresh, or for a number that isn't here.</summary>
    Refused,

    /// <summary>Signed, but not an envelope: repeating it won't help.</summary>
    Malformed,

    /// <summary>The workers are too far behind, or the number was deregistered: the transport keeps it and pushes again.</summary>
    Busy,
}

/// <summary>
/// Takes an envelope that the transport pushes for a business number: verifies signature and freshness, then one sealed queue
/// message, whose being durable is the transport's permission to forget. A replay within the tolerance is dropped by its id later.
/// </summary>
public sealed class AcceptEnvelope(AccountDirectory accounts, LookupStore lookup, WorkQueue queue, BackPressure pressure, TimeProvider time)
{
    public async Task<PushVerdict> ExecuteAsync(
        BusinessId business, PhoneNumberId id, string? timestamp, string? signature, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (await accounts.FindNumberAsync(business, id, cancellationToken) is not { } number
            || !PushSignature.IsValid(number.PushSecret.Reveal(), timestamp, signature, body.Span, time.GetUtcNow()))
        {
            return PushVerdict.Refused;
        }

        if (Parse(body.Span) is not { } envelope
            || !EnvelopeId.TryParse(envelope.Id, out EnvelopeId envelopeId)
            || !PhoneNumber.TryParse(envelope.From, out PhoneNumber? from)
            || envelope.Type is not (Envelope.Message or Envelope.PreKey)
            || envelope.Content is not { Length: > 0 and <= TransportLimits.MaxEnvelopeBytes })
        {
            return PushVerdict.Malformed;
        }

        if (number.IsDeregistered || pressure.RefusesEnvelopes())
        {
            return PushVerdict.Busy;
        }

        ConversationId conversation = await lookup.FindOrCreateAsync(business, id, from, cancellationToken);
        WorkItem item = AcceptMessage.Item(number, conversation, envelopeId, time.GetUtcNow());
        InboundBody inbound = new(envelope.Type, from, envelope.Content);
        await queue.PutAsync(QueueNames.Inbound, item, inbound.Encode(), cancellationToken);
        return PushVerdict.Accepted;
    }

    private static Envelope? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, TransportJson.Default.Envelope);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

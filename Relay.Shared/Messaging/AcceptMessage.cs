using System.Text.Json;
using Relay.Shared.Accounts;
using Relay.Shared.Content;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Idempotency;
using Relay.Shared.Primitives;

namespace Relay.Shared.Messaging;

/// <summary>
/// Accepts a message: one sealed queue message, whose being durable is the acceptance. Reads no table unless the conversation is
/// not cached, and writes one only for an Idempotency-Key.
/// </summary>
public sealed class AcceptMessage(LookupStore lookup, MessageIds ids, AcceptOnce once)
{
    /// <param name="number">Who sends.</param>
    /// <param name="text">What.</param>
    /// <param name="keyed">Null without an Idempotency-Key.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Result<SendMessageReply, GraphError>> ExecuteAsync(
        BusinessNumber number, OutgoingText text, KeyedRequest? keyed, CancellationToken cancellationToken)
    {
        if (text.To.Equals(number.Number))
        {
            return GraphErrorCode.RecipientIsSender.Because("to is the business's own number.");
        }

        MessageLocator? quoted = null;
        if (text.ContextMessageId is not null)
        {
            quoted = await ids.ReadAsync(number.Business, number.Id, text.ContextMessageId, cancellationToken);
            if (quoted is null)
            {
                return GraphErrorCode.ParameterInvalid.Because("context.message_id is not the id of a message of this phone number.");
            }
        }

        if (!(await once.AdmitAsync(number, text.To, keyed, cancellationToken)).TryGet(out Admission? admission, out GraphError? refusal))
        {
            return refusal;
        }

        // Fetched before the put: what fails after it would tell a caller that nothing was accepted.
        using MessageIdMaker maker = await ids.OpenAsync(number.Business, number.Id, cancellationToken);
        if (admission.Done is { } done)
        {
            return Answer(maker, text, done);
        }

        ConversationId conversation = await lookup.FindOrCreateAsync(number.Business, number.Id, text.To, cancellationToken);
        if (quoted is { } other && other.Conversation != conversation)
        {
            return GraphErrorCode.ParameterInvalid.Because("context.message_id is a message of another conversation.");
        }

        Result<Acceptance, GraphError> put = await once.PutAsync(admission, conversation, acceptance => Body(text, quoted, acceptance), cancellationToken);
        return put.TryGet(out Acceptance accepted, out GraphError? conflict) ? Answer(maker, text, accepted) : conflict;
    }

    internal static WorkItem Item(BusinessNumber number, ConversationId conversation, EnvelopeId id, DateTimeOffset now) => new()
    {
        Business = number.Business.Value,
        Phone = number.Id.Value,
        Conversation = conversation.Hex,
        Id = id.Hex,
        AcceptedAt = now.ToUnixTimeMilliseconds(),
    };

    private static OutboundBody Body(OutgoingText text, MessageLocator? quoted, Acceptance acceptance)
    {
        DeviceContent content = new()
        {
            Id = acceptance.Message.Hex,
            Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(acceptance.At).ToUnixTimeSeconds(),
            Message = ToMessage(text),
            Context = quoted is { } locator
                ? new ContentContext(locator.Message.Hex, locator.Direction == MessageDirection.FromUser ? ContentContext.User : ContentContext.Business)
                : null,
        };
        return new OutboundBody(text.To, text.CallbackData?.Reveal(), DeviceContentCodec.Encode(content)) { Identity = text.RecipientIdentity };
    }

    private static SendMessageResponse Answer(MessageIdMaker maker, OutgoingText text, Acceptance accepted)
    {
        string messageId = maker.Create(new MessageLocator(MessageDirection.FromBusiness, accepted.Conversation, accepted.Message));
        return SendMessageResponse.Accepted(text.ToInput.Reveal(), text.To.Digits, messageId);
    }

    /// <summary>The Cloud API's message object, as the device shows it.</summary>
    private static JsonElement ToMessage(OutgoingText text) => JsonSerializer.SerializeToElement(
        new TextContent(new TextContentBody(text.Body.Reveal()) { PreviewUrl = text.PreviewUrl }), TextContentJson.Default.TextContent);
}

using System.Text.Json;
using Relay.Shared.Accounts;
using Relay.Shared.Content;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Idempotency;
using Relay.Shared.Integrity;
using Relay.Shared.PhoneNumbers.Blocking;
using Relay.Shared.Primitives;

namespace Relay.Shared.Messaging;

/// <summary>
/// Accepts a message: one sealed queue message, whose being durable is the acceptance. Reads no table unless the conversation is
/// not cached or only a user id says who gets it, and writes one only for an Idempotency-Key.
/// </summary>
public sealed class AcceptMessage(
    FindRecipient findRecipient, PrepareMessage prepare, MessageIds ids, UserIds userIds, AcceptOnce once, BlockList blocks, RefuseApproach refuseApproach)
{
    private const string ContextMember = "context.message_id";
    private const string ReactionMember = "reaction.message_id";

    /// <param name="number">Who sends.</param>
    /// <param name="message">What.</param>
    /// <param name="keyed">Null without an Idempotency-Key.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Result<SendMessageReply, GraphError>> ExecuteAsync(
        BusinessNumber number, OutgoingMessage message, KeyedRequest? keyed, CancellationToken cancellationToken)
    {
        if (!(await findRecipient.ExecuteAsync(number, message, cancellationToken)).TryGet(out Recipient? recipient, out GraphError? refusal))
        {
            return refusal;
        }

        if (!(await prepare.ExecuteAsync(number, message, cancellationToken)).TryGet(out PreparedMessage? prepared, out refusal))
        {
            // A repeat may come when its template or file is gone.
            return await once.FindDoneAsync(number, keyed, cancellationToken) is { } before ? await AnswerAsync(number, message, before, cancellationToken) : refusal;
        }

        string member = message.Reaction is null ? ContextMember : ReactionMember;
        MessageLocator? quoted = null;
        if ((message.Reaction?.MessageId ?? message.ContextMessageId) is { } quotedId)
        {
            quoted = await ids.ReadAsync(number.Business, number.Id, quotedId, cancellationToken);
            if (quoted is null)
            {
                return GraphErrorCode.ParameterInvalid.Because($"{member} is not the id of a message of this phone number.");
            }
        }

        if (!(await once.AdmitAsync(number, recipient.Number, keyed, cancellationToken)).TryGet(out Admission? admission, out refusal))
        {
            return refusal;
        }

        // Fetched before the put: what fails after it would tell a caller that nothing was accepted.
        using MessageIdMaker maker = await ids.OpenAsync(number.Business, number.Id, cancellationToken);
        if (admission.Done is { } done)
        {
            return await AnswerAsync(maker, number, message, done, cancellationToken);
        }

        if (await blocks.IsBlockedAsync(number, recipient.Number, cancellationToken))
        {
            return GraphErrorCode.BlockedUser.Because("to is blocked by this phone number: DELETE {phone-number-id}/block_users unblocks it.");
        }

        ConversationId conversation = await findRecipient.ConversationAsync(number, recipient, cancellationToken);
        if (quoted is { } other && other.Conversation != conversation)
        {
            return GraphErrorCode.ParameterInvalid.Because($"{member} is a message of another conversation.");
        }

        if (await refuseApproach.CheckAsync(number, recipient.Number, conversation, cancellationToken) is { } stopped)
        {
            return stopped;
        }

        Result<Acceptance, GraphError> put = await once.PutAsync(
            admission, conversation, acceptance => Body(recipient.Number, message, prepared, quoted, acceptance), cancellationToken);
        return put.TryGet(out Acceptance accepted, out GraphError? conflict) ? await AnswerAsync(maker, number, message, accepted, cancellationToken) : conflict;
    }

    internal static WorkItem Item(BusinessNumber number, ConversationId conversation, EnvelopeId id, DateTimeOffset now) => new()
    {
        Business = number.Business.Value,
        Phone = number.Id.Value,
        Conversation = conversation.Hex,
        Id = id.Hex,
        AcceptedAt = now.ToUnixTimeMilliseconds(),
    };

    private static OutboundBody Body(
        PhoneNumber to, OutgoingMessage message, PreparedMessage prepared, MessageLocator? quoted, Acceptance acceptance)
    {
        DeviceContent content = new()
        {
            Id = acceptance.Message.Hex,
            Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(acceptance.At).ToUnixTimeSeconds(),
            Message = ToContent(message, prepared, quoted),
            Context = message.Reaction is null && quoted is { } locator ? new ContentContext(locator.Message.Hex, AuthorOf(locator)) : null,
        };
        return new OutboundBody(to, message.CallbackData?.Reveal(), DeviceContentCodec.Encode(content))
        {
            Identity = message.RecipientIdentity,
            Category = prepared.Category,
            HasFile = prepared.HasFile,
            IsSentOnly = message.Reaction is not null,
        };
    }

    private static JsonElement ToContent(OutgoingMessage message, PreparedMessage prepared, MessageLocator? quoted) => message is { Reaction: { } reaction } && quoted is { } target
        ? new ReactionContent { Reaction = new ReactionTarget(target.Message.Hex, AuthorOf(target), reaction.Emoji ?? string.Empty) }.ToJson()
        : prepared.Message?.Reveal() ?? throw new InvalidOperationException("A message has no content.");

    private static string AuthorOf(MessageLocator locator) => locator.Direction == MessageDirection.FromUser ? ContentContext.User : ContentContext.Business;

    private async ValueTask<SendMessageResponse> AnswerAsync(BusinessNumber number, OutgoingMessage message, Acceptance accepted, CancellationToken cancellationToken)
    {
        using MessageIdMaker maker = await ids.OpenAsync(number.Business, number.Id, cancellationToken);
        return await AnswerAsync(maker, number, message, accepted, cancellationToken);
    }

    private async ValueTask<SendMessageResponse> AnswerAsync(
        MessageIdMaker maker, BusinessNumber number, OutgoingMessage message, Acceptance accepted, CancellationToken cancellationToken)
    {
        string messageId = maker.Create(new MessageLocator(MessageDirection.FromBusiness, accepted.Conversation, accepted.Message));
        AcceptedContact contact = new(message.ToInput.Reveal())
        {
            WaId = message.To?.Digits,
            UserId = message.To is null ? await userIds.CreateAsync(number.Business, number.Id, accepted.Conversation, cancellationToken) : null,
        };
        return SendMessageResponse.Accepted(contact, messageId, message.Template is null ? null : AcceptedMessage.StatusAccepted);
    }
}

using System.Text.Json;
using Relay.Shared.Accounts;
using Relay.Shared.Content;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Messaging;

/// <summary>
/// Accepts a message: one sealed queue message, whose being durable is the acceptance. Reads no table unless the conversation is
/// not cached.
/// </summary>
public sealed class AcceptMessage(LookupStore lookup, MessageIds ids, WorkQueue queue, TimeProvider time)
{
    public async Task<Result<SendMessageReply, GraphError>> ExecuteAsync(BusinessNumber number, OutgoingText text, CancellationToken cancellationToken)
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

        ConversationId conversation = await lookup.FindOrCreateAsync(number.Business, number.Id, text.To, cancellationToken);
        if (quoted is { } other && other.Conversation != conversation)
        {
            return GraphErrorCode.ParameterInvalid.Because("context.message_id is a message of another conversation.");
        }

        EnvelopeId id = EnvelopeId.Create();
        string messageId = await ids.CreateAsync(
            number.Business, number.Id, new MessageLocator(MessageDirection.FromBusiness, conversation, id), cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        DeviceContent content = new()
        {
            Id = id.Hex,
            Timestamp = now.ToUnixTimeSeconds(),
            Message = ToMessage(text),
            Context = quoted is { } locator
                ? new ContentContext(locator.Message.Hex, locator.Direction == MessageDirection.FromUser ? ContentContext.User : ContentContext.Business)
                : null,
        };
        OutboundBody body = new(text.To, text.CallbackData?.Reveal(), DeviceContentCodec.Encode(content)) { Identity = text.RecipientIdentity };
        await queue.PutAsync(QueueNames.Outbound, Item(number, conversation, id, now), body.Encode(), cancellationToken);
        return SendMessageResponse.Accepted(text.ToInput.Reveal(), text.To.Digits, messageId);
    }

    internal static WorkItem Item(BusinessNumber number, ConversationId conversation, EnvelopeId id, DateTimeOffset now) => new()
    {
        Business = number.Business.Value,
        Phone = number.Id.Value,
        Conversation = conversation.Hex,
        Id = id.Hex,
        AcceptedAt = now.ToUnixTimeMilliseconds(),
    };

    /// <summary>The Cloud API's message object, as the device shows it.</summary>
    private static JsonElement ToMessage(OutgoingText text) => JsonSerializer.SerializeToElement(
        new TextContent(new TextContentBody(text.Body.Reveal()) { PreviewUrl = text.PreviewUrl }), TextContentJson.Default.TextContent);
}

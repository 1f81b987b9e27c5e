using Relay.Shared.Accounts;
using Relay.Shared.Content;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Messaging;

/// <summary>
/// Accepts "mark as read": a receipt for the user's device, queued like a message. The id itself says which conversation it belongs
/// to, and can't be forged, so nothing is read.
/// </summary>
public sealed class AcceptReadReceipt(MessageIds ids, WorkQueue queue, TimeProvider time)
{
    public async Task<Result<SendMessageReply, GraphError>> ExecuteAsync(
        BusinessNumber number, ReadReceiptRequest receipt, CancellationToken cancellationToken)
    {
        if (await ids.ReadAsync(number.Business, number.Id, receipt.MessageId, cancellationToken) is not
            { Direction: MessageDirection.FromUser } message)
        {
            return GraphErrorCode.ParameterInvalid.Because("message_id is not the id of a message that this phone number received.");
        }

        EnvelopeId id = EnvelopeId.Create();
        DateTimeOffset now = time.GetUtcNow();
        DeviceContent content = new()
        {
            Id = id.Hex,
            Timestamp = now.ToUnixTimeSeconds(),
            Receipt = new ContentReceipt(ContentReceipt.Read, [message.Message.Hex]) { Typing = receipt.Typing },
        };
        OutboundBody body = new(null, null, DeviceContentCodec.Encode(content));
        await queue.PutAsync(
            QueueNames.Outbound, AcceptMessage.Item(number, message.Conversation, id, now), body.Encode(), cancellationToken);
        return new SuccessResponse();
    }
}

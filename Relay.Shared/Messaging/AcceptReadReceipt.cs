using Relay.Shared.Accounts;
using Relay.Shared.Content;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Idempotency;
using Relay.Shared.Primitives;

namespace Relay.Shared.Messaging;

/// <summary>
/// Accepts "mark as read": a receipt for the user's device, queued like a message. The id itself says which conversation it belongs
/// to, and can't be forged, so nothing is read.
/// </summary>
public sealed class AcceptReadReceipt(MessageIds ids, AcceptOnce once)
{
    public async Task<Result<SendMessageReply, GraphError>> ExecuteAsync(
        BusinessNumber number, ReadReceiptRequest receipt, KeyedRequest? keyed, CancellationToken cancellationToken)
    {
        if (await ids.ReadAsync(number.Business, number.Id, receipt.MessageId, cancellationToken) is not
            { Direction: MessageDirection.FromUser } message)
        {
            return GraphErrorCode.ParameterInvalid.Because("message_id is not the id of a message that this phone number received.");
        }

        if (!(await once.AdmitAsync(number, null, keyed, cancellationToken)).TryGet(out Admission? admission, out GraphError? refusal))
        {
            return refusal;
        }

        if (admission.Done is not null)
        {
            return new SuccessResponse();
        }

        Result<Acceptance, GraphError> put = await once.PutAsync(
            admission, message.Conversation, acceptance => Body(message, receipt.Typing, acceptance), cancellationToken);
        return put.TryGet(out _, out GraphError? conflict) ? new SuccessResponse() : conflict;
    }

    private static OutboundBody Body(MessageLocator message, bool typing, Acceptance acceptance)
    {
        DeviceContent content = new()
        {
            Id = acceptance.Message.Hex,
            Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(acceptance.At).ToUnixTimeSeconds(),
            Receipt = new ContentReceipt(ContentReceipt.Read, [message.Message.Hex]) { Typing = typing },
        };
        return new OutboundBody(null, null, DeviceContentCodec.Encode(content));
    }
}

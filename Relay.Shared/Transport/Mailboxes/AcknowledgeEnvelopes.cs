using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Mailboxes;

/// <summary>Forgets what a device has made durable, in its own mailbox only. May be repeated.</summary>
public sealed class AcknowledgeEnvelopes(MailboxStore mailboxes)
{
    public async Task<TransportResult<AcknowledgeResponse>> ExecuteAsync(
        AuthenticatedDevice device, AcknowledgeRequest request, CancellationToken cancellationToken)
    {
        if (request.Handles.Count is 0 or > TransportLimits.MaxHandlesPerAcknowledgement)
        {
            return TransportFailures.BadRequest("'handles' is not 1 to 100 handles.");
        }

        return request.Handles.All(EnvelopeHandle.IsValid)
            ? new AcknowledgeResponse(await mailboxes.RemoveAsync(Mailbox.OfDevice(device.Hash), request.Handles.ToHashSet(StringComparer.Ordinal), cancellationToken))
            : TransportFailures.BadRequest("'handles' has one that this API never gave out.");
    }
}

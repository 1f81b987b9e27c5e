using Relay.Phone.Events;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Phone.Sending;

/// <summary>
/// Sends what is in the outbox, oldest first, byte for byte as it was saved; the id makes a repeat harmless. Stops where the
/// transport isn't there or asks for patience. What it refuses for good leaves the outbox and becomes an event.
/// </summary>
internal sealed class EmptyOutbox(PhoneStore store, TransportClient transport) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <exception cref="PhoneException">The transport doesn't know this device.</exception>
    internal async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            List<OutboxEntry> waiting = await store.ReadAsync(data => data.Outbox.ToList(), cancellationToken);
            if (waiting.Count > 0)
            {
                DeviceCredential credential = await store.ReadAsync(data => data.ToCredential(), cancellationToken);
                await SendAllAsync(credential, waiting, cancellationToken);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task SendAllAsync(DeviceCredential credential, List<OutboxEntry> waiting, CancellationToken cancellationToken)
    {
        HashSet<string> gone = [];
        List<MessageRefused> refused = [];
        try
        {
            foreach (OutboxEntry entry in waiting)
            {
                TransportResult<SendEnvelopeResponse> result = await SendAsync(credential, entry, cancellationToken);
                if (result.Code is TransportErrorCode.TooMany)
                {
                    return;
                }

                if (result.Failure is { Code: TransportErrorCode.Unauthorized } unauthorized)
                {
                    throw TransportRefusal.ToException(unauthorized);
                }

                gone.Add(entry.TransportId);
                if (result.Code is { } reason && !entry.IsReceipt)
                {
                    refused.Add(new MessageRefused { Id = entry.Id, To = entry.To, Reason = reason });
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            // The rest stays for the next run.
        }
        finally
        {
            // What the transport has taken is taken, also when the rest was cancelled.
            await RemoveAsync(gone, refused);
        }
    }

    private Task<TransportResult<SendEnvelopeResponse>> SendAsync(DeviceCredential credential, OutboxEntry entry, CancellationToken cancellationToken) =>
        EnvelopeId.TryParse(entry.TransportId, out EnvelopeId id)
            ? transport.SendAsync(credential, entry.To, id, entry.Kind, entry.Content, cancellationToken)
            : throw new PhoneException("The outbox is damaged.");

    private async Task RemoveAsync(HashSet<string> gone, List<MessageRefused> refused)
    {
        if (gone.Count > 0)
        {
            await store.ChangeAsync(
                data =>
                {
                    data.ToInbox(refused);
                    refused.ForEach(message => data.ConversationWith(message.To).Sent.Forget([message.Id]));
                    return data.Outbox.RemoveAll(entry => gone.Contains(entry.TransportId));
                },
                CancellationToken.None);
        }
    }
}

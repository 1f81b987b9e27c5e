using Relay.Phone.Events;
using Relay.Phone.Sending;
using Relay.Phone.State;
using Relay.Shared.Content;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Phone.Receiving;

/// <summary>
/// Fetches envelopes and, in one change of the state per fetch, decrypts them, notes them and encrypts their receipts; only then
/// acknowledges. A crash at any point repeats at most what the ids recognise. What can't be decrypted is asked for again afterwards.
/// </summary>
internal sealed class ReceiveMessages(PhoneStore store, TransportClient transport, AskAgain askAgain, EmptyOutbox emptyOutbox, TimeProvider time)
{
    /// <summary>Returns when something new is in the inbox, or nothing came for as long as <see cref="ReceiveOptions.Wait"/> says.</summary>
    internal async Task ExecuteAsync(ReceiveOptions options, CancellationToken cancellationToken)
    {
        await askAgain.ExecuteAsync(cancellationToken);
        await emptyOutbox.ExecuteAsync(cancellationToken);
        long start = time.GetTimestamp();
        while (true)
        {
            TimeSpan left = options.Wait - time.GetElapsedTime(start);
            FetchEnvelopesResponse fetched = await FetchAsync(left, cancellationToken);
            if (fetched.Envelopes.Count > 0)
            {
                if (await TakeAsync(fetched.Envelopes, options, cancellationToken) > 0)
                {
                    return;
                }
            }
            else if (time.GetElapsedTime(start) >= options.Wait)
            {
                return;
            }
        }
    }

    private async Task<FetchEnvelopesResponse> FetchAsync(TimeSpan left, CancellationToken cancellationToken)
    {
        DeviceCredential credential = await store.ReadAsync(data => data.ToCredential(), cancellationToken);
        int seconds = (int)Math.Clamp(Math.Ceiling(left.TotalSeconds), 0, TransportLimits.MaxWaitSeconds);
        return TransportRefusal.Require(
            await transport.FetchAsync(credential, seconds, TransportLimits.MaxEnvelopesPerFetch, cancellationToken));
    }

    private async Task<int> TakeAsync(IReadOnlyList<Envelope> envelopes, ReceiveOptions options, CancellationToken cancellationToken)
    {
        int count = await store.ChangeAsync(data => Take(data, envelopes, options), cancellationToken);
        await AcknowledgeAsync(envelopes, cancellationToken);
        await askAgain.ExecuteAsync(cancellationToken);
        await emptyOutbox.ExecuteAsync(cancellationToken);
        return count;
    }

    private async Task AcknowledgeAsync(IReadOnlyList<Envelope> envelopes, CancellationToken cancellationToken)
    {
        DeviceCredential credential = await store.ReadAsync(data => data.ToCredential(), cancellationToken);
        string[] handles = [.. envelopes.Select(envelope => envelope.Handle).OfType<string>()];
        try
        {
            foreach (string[] some in handles.Chunk(TransportLimits.MaxHandlesPerAcknowledgement))
            {
                _ = TransportRefusal.Require(await transport.AcknowledgeAsync(credential, some, cancellationToken));
            }
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            // They come again, are dropped by their ids, and are acknowledged then.
        }
    }

    private int Take(PhoneData data, IReadOnlyList<Envelope> envelopes, ReceiveOptions options)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach (Conversation conversation in data.Conversations.Values)
        {
            conversation.Sent.ForgetOld(now);
        }

        List<PhoneEvent> events = [.. envelopes.SelectMany(envelope => TakeEnvelope.Execute(data, envelope))];
        foreach (IGrouping<PhoneNumber, MessageReceived> messages in events.OfType<MessageReceived>().GroupBy(message => message.From))
        {
            QueueReceipts(data, messages.Key, [.. messages.Select(message => message.Id)], options);
        }

        data.ToInbox(events);
        return events.Count;
    }

    private void QueueReceipts(PhoneData data, PhoneNumber to, string[] ids, ReceiveOptions options)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (options.SendDelivered)
        {
            QueueReceipt.Execute(data, to, ContentReceipt.Delivered, ids, now);
        }

        if (options.SendRead)
        {
            QueueReceipt.Execute(data, to, ContentReceipt.Read, ids, now);
            data.ConversationWith(to).Unread.RemoveAll(ids.Contains);
        }
    }
}

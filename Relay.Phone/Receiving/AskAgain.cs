using Relay.Phone.Sending;
using Relay.Phone.State;
using Relay.Shared.Content;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Transport.Wire;

namespace Relay.Phone.Receiving;

/// <summary>
/// Asks senders for the content of envelopes that couldn't be decrypted, each in a session that it can't have trouble with: one opened
/// for this, or opened by us and not answered yet. What is to be asked for is in the state, so a crash forgets nothing.
/// </summary>
internal sealed class AskAgain(PhoneStore store, TakeBundle takeBundle, TimeProvider time)
{
    /// <summary>Whether an envelope with this outcome is worth asking for.</summary>
    internal static bool CanHelp(SessionOutcome outcome) =>
        outcome is not (SessionOutcome.Success or SessionOutcome.Duplicate or SessionOutcome.Malformed);

    /// <summary>Puts the receipts in the outbox. A transport that isn't there leaves them for the next run.</summary>
    /// <exception cref="PhoneException">The transport doesn't know this device.</exception>
    internal async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (PhoneNumber sender in await store.ReadAsync(Due, cancellationToken))
            {
                await AskAsync(sender, cancellationToken);
            }
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            // Next time.
        }
    }

    private PhoneNumber[] Due(PhoneData data)
    {
        DateTimeOffset now = time.GetUtcNow();
        return [.. data.Conversations
            .Where(pair => pair.Value.Retries.IsDue(now))
            .Select(pair => PhoneNumber.TryParse(pair.Key, out PhoneNumber? number) ? number : null)
            .OfType<PhoneNumber>()];
    }

    private async Task AskAsync(PhoneNumber sender, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(data => HasFreshSession(data, sender), cancellationToken))
        {
            await store.ChangeAsync(data => Queue(data, sender, null), cancellationToken);
            return;
        }

        TransportResult<BundleResponse> taken = await takeBundle.ExecuteAsync(sender, cancellationToken);
        if (taken.IsSuccess)
        {
            await store.ChangeAsync(data => Queue(data, sender, taken.Value), cancellationToken);
        }
        else if (taken.Code is TransportErrorCode.UnknownNumber)
        {
            await store.ChangeAsync(data => GiveUp(data, sender), cancellationToken);
        }
        else if (taken.Code is TransportErrorCode.Unauthorized)
        {
            throw TransportRefusal.ToException(taken.Failure);
        }
    }

    private bool HasFreshSession(PhoneData data, PhoneNumber sender)
    {
        Conversation conversation = data.ConversationWith(sender);
        using SessionRecord? record = conversation.OpenSession();
        return record is { HasUnacknowledgedPreKey: true } && !conversation.IsUnanswered(record, time.GetUtcNow());
    }

    private bool Queue(PhoneData data, PhoneNumber sender, BundleResponse? taken)
    {
        bool isFresh = HasFreshSession(data, sender);
        if (!isFresh && taken is null)
        {
            // It was answered just now: next time.
            return false;
        }

        DateTimeOffset now = time.GetUtcNow();
        string[] envelopes = data.ConversationWith(sender).Retries.Take(now);
        if (isFresh || (taken is not null && TryOpen(data, sender, taken, now)))
        {
            QueueReceipt.Execute(data, sender, ContentReceipt.Retry, envelopes, now);
        }

        return true;
    }

    // Keys that are wrong today are wrong for every envelope that waits.
    private static bool TryOpen(PhoneData data, PhoneNumber sender, BundleResponse taken, DateTimeOffset now)
    {
        try
        {
            OpenSession.Execute(data, sender, TakeBundle.Read(taken), now);
            return true;
        }
        catch (PhoneException)
        {
            return false;
        }
    }

    private static bool GiveUp(PhoneData data, PhoneNumber sender)
    {
        data.ConversationWith(sender).Retries.Envelopes.Clear();
        return true;
    }
}

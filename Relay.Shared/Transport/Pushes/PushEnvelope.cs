using Microsoft.Extensions.Logging;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Telemetry;
using Relay.Shared.Transport.Mailboxes;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Pushes;

/// <summary>
/// Works off queue <c>push</c>: brings an envelope to the relay that acts for its recipient until that answers 200, which is the
/// permission to forget it. The envelope's row carries the plan (attempt and due time), the queue only the reminder: a message
/// whose attempt isn't the row's is out of date and dropped, so repeats never multiply. A failing endpoint costs no dequeue
/// count: it is a new message with a growing delay. Only storage faults are exceptions, for the host to redeliver.
/// <code>
/// dies after             state left                recovered by                                     relay sees
/// open                   M, message                redelivery                                       nothing yet
/// POST, 200 lost         M, message                redelivery: POST again                           the same id twice, by contract
/// 200, before delete     M, message                redelivery: POST again                           the same id twice, by contract
/// delete of M            message                   redelivery: no M, dropped                        one
/// failed, before plan    M, message                redelivery: an attempt not counted               -
/// plan, before enqueue   M (attempt n+1), message  redelivery: attempt n is out of date, dropped;   -
///                                                  SweepPushes ten minutes after it was due
/// </code>
/// </summary>
public sealed partial class PushEnvelope(
    MailboxStore mailboxes,
    AccountStore accounts,
    KnownAccounts known,
    EnvelopeSealer sealer,
    PushChannel channel,
    PushQueue pushes,
    PushTurns turns,
    MoveEnvelope move,
    MailboxSignal signal,
    TimeProvider time,
    ILogger<PushEnvelope> logger)
{
    public Task ExecuteAsync(string body, CancellationToken cancellationToken) => RelayTraces.RunAsync(SpanName.Push, body, PushAsync, cancellationToken);

    private async Task<SpanOutcome> PushAsync(string body, CancellationToken cancellationToken)
    {
        if (PushReference.Read(body) is not { } reference || !NumberHash.TryParse(reference.Recipient, out NumberHash recipient))
        {
            Log.Malformed(logger);
            return SpanOutcome.Refused;
        }

        // Asked for before anything is waited for, and kept for the call alone: reads and removals go on beside the calls of others.
        Task<IDisposable> turn = turns.EnterAsync(reference, cancellationToken);
        MailboxEntry? entry;
        bool isTaken;
        try
        {
            entry = await FindAsync(recipient, reference, cancellationToken);
        }
        catch
        {
            (await turn).Dispose();
            throw;
        }

        using (await turn)
        {
            if (entry is null || await FindAccountAsync(recipient, cancellationToken) is not { } account)
            {
                return SpanOutcome.Done;
            }

            if (!account.IsBusiness)
            {
                await move.ExecuteAsync(entry, Mailbox.OfDevice(recipient), cancellationToken);
                signal.Raise(recipient);
                RelayMetrics.Pushes.Add(PushOutcome.MovedToDevice);
                return SpanOutcome.Done;
            }

            isTaken = await TryPushAsync(account, entry, cancellationToken);
        }

        if (isTaken)
        {
            RelayMetrics.Pushes.Add(PushOutcome.Taken);
            await mailboxes.RemoveAsync(entry.Mailbox, [entry.Handle], cancellationToken);
            return SpanOutcome.Done;
        }

        RelayMetrics.Pushes.Add(PushOutcome.Failed);

        // It may have another address, or another holder, since.
        known.Forget(recipient);
        int attempt = entry.Attempt + 1;
        TimeSpan delay = PushSchedule.DelayAfter(attempt);
        Log.Failed(logger, attempt, delay);
        if (await mailboxes.PlanAsync(entry, attempt, time.GetUtcNow() + delay, cancellationToken))
        {
            await pushes.SendAsync(entry, attempt, delay, cancellationToken);
            RelayMetrics.Retries.Add(MeteredQueue.Push);
        }

        return SpanOutcome.PutBack;
    }

    /// <summary>Null when it is gone, too old, or planned for another attempt than this.</summary>
    private async Task<MailboxEntry?> FindAsync(NumberHash recipient, PushReference reference, CancellationToken cancellationToken) =>
        await mailboxes.FindAsync(reference.MailboxOf(recipient), reference.Handle, cancellationToken) is { } entry
            && entry.Attempt == reference.Attempt
            && entry.Day >= Retention.FirstLiveDay(UtcDay.Today(time))
                ? entry
                : null;

    /// <summary>Looks again before it says that a number is no business's any more: then whoever holds it fetches.</summary>
    private async ValueTask<Account?> FindAccountAsync(NumberHash recipient, CancellationToken cancellationToken) =>
        await known.FindAsync(recipient, cancellationToken) is { IsBusiness: true } account
            ? account
            : await known.ReloadAsync(recipient, cancellationToken);

    private async Task<bool> TryPushAsync(Account account, MailboxEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            using PushTarget? target = await accounts.OpenPushAsync(account, cancellationToken);
            Envelope? envelope = await sealer.OpenAsync(entry, cancellationToken);
            return target is not null && envelope is not null && await channel.TryPostAsync(target, envelope, cancellationToken);
        }
        catch (SealBrokenException e)
        {
            Log.Broken(logger, e);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3004, LogLevel.Error, "A message on queue push is not of a known version; it was dropped.")]
        public static partial void Malformed(ILogger logger);

        [LoggerMessage(3005, LogLevel.Information, "Push attempt {Attempt} failed; the next is in {Delay}.")]
        public static partial void Failed(ILogger logger, int attempt, TimeSpan delay);

        [LoggerMessage(3006, LogLevel.Error, "An envelope or a push target does not open.")]
        public static partial void Broken(ILogger logger, SealBrokenException exception);
    }
}

using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Relay.Shared.Transport.Expiry;
using Relay.Shared.Transport.Mailboxes;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.Registrations;

namespace Relay.Shared.Transport.Pushes;

/// <summary>
/// Finds envelopes for business numbers whose push was due ten minutes ago and hasn't happened: their queue message was never
/// written or was lost to the poison queue. Plans each anew (guarded by its ETag, so what is under way wins) and enqueues it;
/// a crash between the two leaves it to the next run. A run that has no more time says how far it came, and the next goes on behind that.
/// </summary>
public sealed partial class SweepPushes(
    AccountStore accounts, MailboxStore mailboxes, MoveEnvelope move, PushQueue pushes, TimerPosition position, TimeProvider time, ILogger<SweepPushes> logger)
{
    internal static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    private const int MaxPerMailbox = 10_000;

    /// <summary>Of a run, after which no business begins: each that does has a minute at least.</summary>
    private static readonly TimeSpan BeginningTime = TimeSpan.FromMinutes(3);

    /// <summary>Of a run, within the host's limit of five minutes for a function.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(4);

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset start = time.GetUtcNow();
        DateTimeOffset end = start + MaxTime;
        NumberHash? last = NumberHash.TryParse(await position.FindAsync(TimerPosition.Pushes, cancellationToken), out NumberHash through) ? through : null;
        int recovered = 0;
        await foreach (NumberHash business in InTurnAsync(last, cancellationToken))
        {
            if (await accounts.FindAsync(business, cancellationToken) is { IsBusiness: true })
            {
                recovered += await MoveAsync(Mailbox.OfDevice(business), end, cancellationToken);
                recovered += (await Task.WhenAll(Mailbox.Lanes.Select(
                    lane => SweepAsync(Mailbox.OfBusiness(business, lane), end, cancellationToken)))).Sum();
            }

            if (time.GetUtcNow() >= start + BeginningTime)
            {
                // Also when this one isn't done with: it has its next turn when all others had theirs.
                await position.SetAsync(TimerPosition.Pushes, business.Hex, cancellationToken);
                Log.Cut(logger, recovered);
                return;
            }
        }

        if (last is not null)
        {
            await position.RemoveAsync(TimerPosition.Pushes, cancellationToken);
        }

        Log.Swept(logger, recovered);
    }

    /// <summary>Every business once, those behind <paramref name="last"/> first.</summary>
    private async IAsyncEnumerable<NumberHash> InTurnAsync(NumberHash? last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (NumberHash business in accounts.ListBusinessesAsync(last, null, cancellationToken))
        {
            yield return business;
        }

        if (last is null)
        {
            yield break;
        }

        await foreach (NumberHash business in accounts.ListBusinessesAsync(null, last, cancellationToken))
        {
            yield return business;
        }
    }

    /// <summary>What a number got before it was a business's, or before every instance knew that it is.</summary>
    private async Task<int> MoveAsync(Mailbox mailbox, DateTimeOffset end, CancellationToken cancellationToken)
    {
        int moved = 0;
        await foreach (MailboxEntry entry in mailboxes.ReadAsync(mailbox, MaxPerMailbox, cancellationToken))
        {
            if (time.GetUtcNow() >= end)
            {
                break;
            }

            if (await move.ExecuteAsync(entry, Mailbox.OfBusiness(mailbox.Recipient, EnvelopeHandle.LaneOf(entry.Handle)), cancellationToken) is { } found)
            {
                await pushes.SendAsync(found, found.Attempt, TimeSpan.Zero, cancellationToken);
                moved++;
            }
        }

        return moved;
    }

    private async Task<int> SweepAsync(Mailbox mailbox, DateTimeOffset end, CancellationToken cancellationToken)
    {
        int recovered = 0;
        await foreach (MailboxEntry entry in mailboxes.ReadAsync(mailbox, MaxPerMailbox, cancellationToken))
        {
            DateTimeOffset now = time.GetUtcNow();
            if (now >= end)
            {
                break;
            }

            if (entry.Due + Grace <= now && await mailboxes.PlanAsync(entry, entry.Attempt + 1, now, cancellationToken))
            {
                await pushes.SendAsync(entry, entry.Attempt + 1, TimeSpan.Zero, cancellationToken);
                recovered++;
            }
        }

        return recovered;
    }

    private static partial class Log
    {
        [LoggerMessage(3007, LogLevel.Information, "Push sweep: {Recovered} envelopes were overdue.")]
        public static partial void Swept(ILogger logger, int recovered);

        [LoggerMessage(3010, LogLevel.Warning, "Push sweep: {Recovered} envelopes were overdue; there was no time for every business, the next run goes on with the others.")]
        public static partial void Cut(ILogger logger, int recovered);
    }
}

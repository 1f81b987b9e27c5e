using Microsoft.Extensions.Logging;
using Relay.Shared.Transport.Mailboxes;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.Registrations;

namespace Relay.Shared.Transport.Pushes;

/// <summary>
/// Finds envelopes for business numbers whose push was due ten minutes ago and hasn't happened: their queue message was never
/// written or was lost to the poison queue. Plans each anew (guarded by its ETag, so what is under way wins) and enqueues it;
/// a crash between the two leaves it to the next run.
/// </summary>
public sealed partial class SweepPushes(
    AccountStore accounts, MailboxStore mailboxes, MoveEnvelope move, PushQueue pushes, TimeProvider time, ILogger<SweepPushes> logger)
{
    internal static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    private const int MaxPerMailbox = 10_000;

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        int recovered = 0;
        await foreach (NumberHash business in accounts.ListBusinessesAsync(cancellationToken))
        {
            if (await accounts.FindAsync(business, cancellationToken) is { IsBusiness: true })
            {
                recovered += await MoveAsync(Mailbox.OfDevice(business), cancellationToken);
                foreach (char lane in Mailbox.Lanes)
                {
                    recovered += await SweepAsync(Mailbox.OfBusiness(business, lane), cancellationToken);
                }
            }
        }

        Log.Swept(logger, recovered);
    }

    /// <summary>What a number got before it was a business's, or before every instance knew that it is.</summary>
    private async Task<int> MoveAsync(Mailbox mailbox, CancellationToken cancellationToken)
    {
        int moved = 0;
        await foreach (MailboxEntry entry in mailboxes.ReadAsync(mailbox, MaxPerMailbox, cancellationToken))
        {
            if (await move.ExecuteAsync(entry, Mailbox.OfBusiness(mailbox.Recipient, EnvelopeHandle.LaneOf(entry.Handle)), cancellationToken) is { } found)
            {
                await pushes.SendAsync(found, found.Attempt, TimeSpan.Zero, cancellationToken);
                moved++;
            }
        }

        return moved;
    }

    private async Task<int> SweepAsync(Mailbox mailbox, CancellationToken cancellationToken)
    {
        int recovered = 0;
        await foreach (MailboxEntry entry in mailboxes.ReadAsync(mailbox, MaxPerMailbox, cancellationToken))
        {
            DateTimeOffset now = time.GetUtcNow();
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
    }
}

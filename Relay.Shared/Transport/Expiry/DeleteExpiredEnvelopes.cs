using Microsoft.Extensions.Logging;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Telemetry;
using Relay.Shared.Transport.Attachments;
using Relay.Shared.Transport.Blocks;
using Relay.Shared.Transport.Mailboxes;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.PreKeys;
using Relay.Shared.Transport.Registrations;

namespace Relay.Shared.Transport.Expiry;

/// <summary>
/// Ends what is past its days. Keys first: from then on the rows can't be read by anyone, however long their deletion takes.
/// May run any number of times, also at once; what one run doesn't finish the next one does.
/// </summary>
public sealed partial class DeleteExpiredEnvelopes(
    TransportKeys keys,
    TransportExpiryIndex expiry,
    MailboxStore mailboxes,
    AccountStore accounts,
    DeviceKeyStore deviceKeys,
    UserBlockStore blocks,
    RegistrationStore registrations,
    AttachmentQuota quota,
    DeleteAttachments attachments,
    TimeProvider time,
    ILogger<DeleteExpiredEnvelopes> logger)
{
    /// <summary>Within the host's limit of five minutes for a function.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(4);

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset end = time.GetUtcNow() + MaxTime;
        UtcDay firstLive = Retention.FirstLiveDay(UtcDay.Today(time));
        int destroyed = await keys.Ring.DestroyDaysBeforeAsync(TransportKeys.Tenant, firstLive, cancellationToken);
        int swept = await expiry.SweepAsync(firstLive, (kind, partition, day, token) => TryDeleteAsync(kind, partition, day, end, token), cancellationToken);
        int files = await attachments.ExecuteAsync(firstLive, cancellationToken);
        RelayMetrics.Expired.Add(ExpiredKind.DayKey, destroyed);
        RelayMetrics.Expired.Add(ExpiredKind.TransportPartition, swept);
        RelayMetrics.Expired.Add(ExpiredKind.TransportFile, files);
        Log.Deleted(logger, destroyed, swept, files);
    }

    /// <summary>False when there is no more time.</summary>
    private async Task<bool> TryDeleteAsync(ExpiryKind kind, string partition, UtcDay day, DateTimeOffset end, CancellationToken cancellationToken)
    {
        bool isDone = false;
        while (!isDone && time.GetUtcNow() < end)
        {
            isDone = await DeleteAsync(kind, partition, day, cancellationToken);
        }

        return isDone;
    }

    /// <summary>Deletes some; true when nothing is left.</summary>
    private async Task<bool> DeleteAsync(ExpiryKind kind, string partition, UtcDay day, CancellationToken cancellationToken)
    {
        switch (kind)
        {
            case ExpiryKind.Mailbox or ExpiryKind.Pushes when Mailbox.TryParse(kind, partition, out Mailbox? mailbox):
                return await mailboxes.DeleteThroughAsync(mailbox.Value, day, cancellationToken);
            case ExpiryKind.DeviceKeys:
                await DeleteKeysAsync(partition, cancellationToken);
                break;
            case ExpiryKind.Registrations when NumberHash.TryParse(partition, out NumberHash number):
                await registrations.DeleteThroughAsync(number, day, time.GetUtcNow(), cancellationToken);
                break;
            case ExpiryKind.Attachments when NumberHash.TryParse(partition, out NumberHash number):
                await quota.DeleteThroughAsync(number, day, cancellationToken);
                break;
        }

        return true;
    }

    private async Task DeleteKeysAsync(string partition, CancellationToken cancellationToken)
    {
        if (partition.Split('-') is [var hash, var device]
            && NumberHash.TryParse(hash, out NumberHash number)
            && (await accounts.FindAsync(number, cancellationToken))?.KeysPartition != partition)
        {
            await blocks.DeleteAsync(number, device, cancellationToken);
            await deviceKeys.DeleteAsync(partition, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Information, "Transport retention: {Keys} day keys destroyed, {Partitions} partitions swept, {Files} attachments deleted.")]
        public static partial void Deleted(ILogger logger, int keys, int partitions, int files);
    }
}

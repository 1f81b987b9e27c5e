using Microsoft.Extensions.Logging;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
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
    RegistrationStore registrations,
    TimeProvider time,
    ILogger<DeleteExpiredEnvelopes> logger)
{
    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        UtcDay firstLive = Retention.FirstLiveDay(UtcDay.Today(time));
        int destroyed = await keys.Ring.DestroyDaysBeforeAsync(TransportKeys.Tenant, firstLive, cancellationToken);
        int swept = await expiry.SweepAsync(firstLive, DeleteAsync, cancellationToken);
        Log.Deleted(logger, destroyed, swept);
    }

    private Task DeleteAsync(ExpiryKind kind, string partition, UtcDay day, CancellationToken cancellationToken) => kind switch
    {
        ExpiryKind.Mailbox or ExpiryKind.Pushes when Mailbox.TryParse(kind, partition, out Mailbox? mailbox) =>
            mailboxes.DeleteThroughAsync(mailbox.Value, day, cancellationToken),
        ExpiryKind.DeviceKeys => DeleteKeysAsync(partition, cancellationToken),
        ExpiryKind.Registrations when NumberHash.TryParse(partition, out NumberHash number) =>
            registrations.DeleteThroughAsync(number, day, time.GetUtcNow(), cancellationToken),
        _ => Task.CompletedTask,
    };

    private async Task DeleteKeysAsync(string partition, CancellationToken cancellationToken)
    {
        if (NumberHash.TryParse(partition.Split('-')[0], out NumberHash number)
            && (await accounts.FindAsync(number, cancellationToken))?.KeysPartition != partition)
        {
            await deviceKeys.DeleteAsync(partition, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Information, "Transport retention: {Keys} day keys destroyed, {Partitions} partitions swept.")]
        public static partial void Deleted(ILogger logger, int keys, int partitions);
    }
}

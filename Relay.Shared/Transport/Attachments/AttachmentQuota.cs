using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Expiry;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Attachments;

/// <summary>
/// Table <c>attachments</c>: PartitionKey the number's hash, RowKey the day, with <c>bytes</c> and <c>count</c> of what it has left that day. Who sends at once may
/// exceed a limit by what is on its way.
/// </summary>
public sealed class AttachmentQuota(TransportStorage storage, TransportExpiryIndex expiry, TimeProvider time)
{
    private const string BytesColumn = "bytes";
    private const string CountColumn = "count";
    private const int BusinessFactor = 100;
    private const int MaxTries = 10;

    /// <summary>Null while the device may leave more today.</summary>
    internal async Task<TransportFailure?> CheckAsync(AuthenticatedDevice device, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        TableRow? row = await FindAsync(device.Hash, UtcDay.Of(now), cancellationToken);
        bool isBusiness = device.Account.IsBusiness;
        long maxBytes = isBusiness ? TransportLimits.MaxAttachmentBytesPerBusinessDay : TransportLimits.MaxAttachmentBytesPerDay;
        int maxCount = isBusiness ? TransportLimits.MaxAttachmentsPerDay * BusinessFactor : TransportLimits.MaxAttachmentsPerDay;
        return row is not null && (row.Get<long>(BytesColumn) >= maxBytes || row.Get<int>(CountColumn) >= maxCount)
            ? new TransportFailure(TransportErrorCode.TooMany, "This number has uploaded too much today.", now.Date.AddDays(1) - now.UtcDateTime)
            : null;
    }

    internal async Task AddAsync(AuthenticatedDevice device, long bytes, CancellationToken cancellationToken)
    {
        UtcDay day = UtcDay.Today(time);
        await expiry.NoteAsync(day, ExpiryKind.Attachments, device.Hash.Hex, cancellationToken);
        for (int attempt = 0; attempt < MaxTries; attempt++)
        {
            TableRow? row = await FindAsync(device.Hash, day, cancellationToken);
            Dictionary<string, object> columns = new()
            {
                [BytesColumn] = bytes + (row?.Get<long>(BytesColumn) ?? 0),
                [CountColumn] = 1 + (row?.Get<int>(CountColumn) ?? 0),
            };
            TableWrite write = row is null ? TableWrite.Insert(day.Key, columns) : TableWrite.Merge(day.Key, row.ETag, columns);
            if ((await storage.Tables.CommitAsync(TableNames.Attachments, device.Hash.Hex, [write], cancellationToken)).IsSaved)
            {
                return;
            }
        }
    }

    internal Task DeleteThroughAsync(NumberHash number, UtcDay day, CancellationToken cancellationToken) =>
        storage.Tables.DeleteAsync(TableNames.Attachments, new TableRange(number.Hex, null, day.AddDays(1).Key, int.MaxValue), cancellationToken);

    private Task<TableRow?> FindAsync(NumberHash number, UtcDay day, CancellationToken cancellationToken) =>
        storage.Tables.GetAsync(TableNames.Attachments, number.Hex, day.Key, cancellationToken);
}

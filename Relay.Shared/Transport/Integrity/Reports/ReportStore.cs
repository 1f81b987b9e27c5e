using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Transport.Integrity.Reports;

/// <summary>
/// Table <c>signals</c>, reports: PartitionKey the business, RowKey <c>rep-{day of the message}-{keyed hash of what its token held}</c>, column <c>day</c>: when it was
/// reported. Table <c>reportinbox</c>: same PartitionKey, RowKey <c>{day of the report}-{same hash}</c>, column <c>content</c>, sealed under that day's key. No row says who.
/// </summary>
public sealed class ReportStore(TransportStorage storage, TransportKeys keys)
{
    internal const string Prefix = "rep-";

    private const string DayColumn = "day";
    private const string ContentColumn = "content";

    /// <summary>Notes a message as reported on <paramref name="today"/>; answers when it was first, and whether that is now.</summary>
    internal async Task<(UtcDay Reported, bool IsFirst)> NoteAsync(ReportedMessage message, string row, UtcDay today, CancellationToken cancellationToken)
    {
        string rowKey = $"{Prefix}{message.Day.Key}-{row}";
        TableWrite insert = TableWrite.Insert(rowKey, new Dictionary<string, object> { [DayColumn] = today.Key });
        if ((await storage.Tables.CommitAsync(TableNames.Signals, message.Business, [insert], cancellationToken)).IsSaved)
        {
            return (today, true);
        }

        // Gone again: its days ended in this moment, and so did the token's.
        TableRow? before = await storage.Tables.GetAsync(TableNames.Signals, message.Business, rowKey, cancellationToken);
        return (UtcDay.TryParse(before?.Get<string>(DayColumn), out UtcDay reported) ? reported : message.Day, false);
    }

    /// <summary>Keeps what the user attached; the first that is kept on a day stays.</summary>
    internal async Task KeepAsync(ReportedMessage message, string row, UtcDay today, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string rowKey = $"{today.Key}-{row}";
        SealedPlace place = new(TableNames.ReportInbox, message.Business, rowKey, ContentColumn);
        Dictionary<string, object> columns = new() { [ContentColumn] = await keys.Sealer.SealAsync(TransportKeys.Tenant, today, place, content, cancellationToken) };
        await storage.Tables.CommitAsync(TableNames.ReportInbox, message.Business, [TableWrite.Insert(rowKey, columns)], cancellationToken);
    }
}

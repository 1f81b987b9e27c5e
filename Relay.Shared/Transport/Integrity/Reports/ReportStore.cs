using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Transport.Integrity.Reports;

/// <summary>
/// Table <c>signals</c>, reports: PartitionKey the business, RowKey <c>rep-{day of the message}-{keyed hash of what its token held}</c>, column <c>day</c>: when it was
/// reported. No row says who.
/// </summary>
public sealed class ReportStore(TransportStorage storage)
{
    internal const string Prefix = "rep-";

    private const string DayColumn = "day";

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
}

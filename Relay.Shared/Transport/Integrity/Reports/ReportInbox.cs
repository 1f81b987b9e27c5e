using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Transport.Integrity.Reports;

/// <summary>
/// What users attached to reports, which only the operator's private key opens: the transport has none. Table <c>reportinbox</c>: PartitionKey the business, RowKey
/// <c>{day of the report}-{hash of <see cref="ReportTokens.RowAsync"/>}</c>, column <c>content</c>: the device's sealed box, sealed again under the key of the day on which it
/// came, so that it dies with that; none when the report was closed, and then it stays so. RowKey <c>closed-{day}</c>: the business was closed, and nothing is kept any more.
/// No row says who.
/// </summary>
public sealed class ReportInbox(TransportStorage storage, TransportKeys keys)
{
    internal const string ClosedPrefix = "closed-";

    private const string ContentColumn = "content";
    private const int DaySize = 8;
    private const int IdSize = DaySize + 1 + 32;
    private const int MaxRead = 1_000;
    private const int MaxRaces = 10;

    /// <summary>Behind every day, before all else.</summary>
    private const string AfterDays = ":";

    private static readonly Dictionary<string, object> s_nothing = [];

    internal static bool IsId(string? text) =>
        text is { Length: IdSize } && text[..DaySize].All(char.IsAsciiDigit) && text[DaySize] == '-' && text[(DaySize + 1)..].All(char.IsAsciiHexDigitLower);

    /// <summary>Keeps what was attached to a report of <paramref name="reported"/>; the first that is kept stays, and what was closed stays closed.</summary>
    internal async Task KeepAsync(string business, string row, UtcDay reported, UtcDay today, ReadOnlyMemory<byte> box, CancellationToken cancellationToken)
    {
        string id = $"{reported.Key}-{row}";
        Dictionary<string, object> columns = new()
        {
            [ContentColumn] = await keys.Sealer.SealAsync(TransportKeys.Tenant, today, Place(business, id), box, cancellationToken),
        };
        await storage.Tables.CommitAsync(TableNames.ReportInbox, business, [TableWrite.Insert(id, columns)], cancellationToken);

        // After the insert: whoever closes a business marks it first, so one of the two finds the other.
        if (await IsClosedAsync(business, cancellationToken))
        {
            await storage.Tables.CommitAsync(TableNames.ReportInbox, business, [TableWrite.Delete(id, null)], cancellationToken);
        }
    }

    /// <summary>Those that nobody closed, in the order of their ids, and the id behind which there may be more.</summary>
    internal async Task<(IReadOnlyList<KeptReport> Reports, string? Next)> ListAsync(string business, string? after, int limit, CancellationToken cancellationToken)
    {
        List<KeptReport> found = [];
        string? last = null;
        int read = 0;
        TableRange range = new(business, after is null ? null : after + '0', AfterDays, MaxRead);
        await foreach (TableRow row in storage.Tables.QueryAsync(TableNames.ReportInbox, range, cancellationToken))
        {
            if (found.Count == limit)
            {
                return (found, last);
            }

            (last, read) = (row.RowKey, read + 1);
            if (row.Columns.ContainsKey(ContentColumn) && await OpenAsync(business, row, cancellationToken) is { } kept)
            {
                found.Add(kept);
            }
        }

        return (found, read == MaxRead ? last : null);
    }

    /// <summary>Deletes what was attached; false when there is no such report.</summary>
    internal async Task<bool> CloseAsync(string business, string id, CancellationToken cancellationToken)
    {
        for (int race = 0; race < MaxRaces; race++)
        {
            if (await storage.Tables.GetAsync(TableNames.ReportInbox, business, id, cancellationToken) is not { } row)
            {
                return false;
            }

            if (!row.Columns.ContainsKey(ContentColumn)
                || (await storage.Tables.CommitAsync(TableNames.ReportInbox, business, [TableWrite.Replace(id, row.ETag, s_nothing)], cancellationToken)).IsSaved)
            {
                return true;
            }
        }

        throw new StorageFaultException("table commit", TableNames.ReportInbox, 412, null);
    }

    /// <summary>Whether a business was closed in the last eight days.</summary>
    internal async Task<bool> IsClosedAsync(string business, CancellationToken cancellationToken) =>
        await storage.Tables.QueryAsync(TableNames.ReportInbox, TableRange.StartingWith(business, ClosedPrefix, 1), cancellationToken).AnyAsync(cancellationToken);

    /// <summary>Whether anything lies here of a business.</summary>
    internal async Task<bool> HoldsAnyAsync(string business, CancellationToken cancellationToken) =>
        await storage.Tables.QueryAsync(TableNames.ReportInbox, TableRange.Partition(business, 1), cancellationToken).AnyAsync(cancellationToken);

    /// <summary>Deletes everything of a business and lets nothing more be kept. May be repeated.</summary>
    internal async Task EndAsync(string business, UtcDay today, CancellationToken cancellationToken)
    {
        await storage.Tables.CommitAsync(TableNames.ReportInbox, business, [TableWrite.Upsert(ClosedPrefix + today.Key, s_nothing)], cancellationToken);
        await storage.Tables.DeleteAsync(TableNames.ReportInbox, new TableRange(business, null, AfterDays, int.MaxValue), cancellationToken);
    }

    /// <summary>Null when its key is gone, and the row goes with the next run.</summary>
    private async Task<KeptReport?> OpenAsync(string business, TableRow row, CancellationToken cancellationToken)
    {
        try
        {
            byte[]? box = await keys.Sealer.OpenAsync(TransportKeys.Tenant, Place(business, row.RowKey), row.Get<byte[]>(ContentColumn), cancellationToken);
            return box is null ? null : new KeptReport(row.RowKey, box);
        }
        catch (Exception e) when (e is SealBrokenException or InvalidDataException)
        {
            // One row that somebody changed hides no other.
            return new KeptReport(row.RowKey, null);
        }
    }

    private static SealedPlace Place(string business, string id) => new(TableNames.ReportInbox, business, id, ContentColumn);
}

/// <param name="Id">Its row.</param>
/// <param name="Box">As the device sealed it; null when the row isn't as the transport wrote it.</param>
internal sealed record KeptReport(string Id, byte[]? Box)
{
    internal string Day => Id[..8];
}

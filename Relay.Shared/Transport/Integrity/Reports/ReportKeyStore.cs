using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Transport.Integrity.Reports;

/// <summary>
/// The operator's public key for what users attach to reports. Table <c>reportinbox</c>, PartitionKey <c>-</c>, RowKey <c>key</c>: <c>key</c>, sealed under the long-lived key so
/// that who can write the table can't put their own there, and <c>set</c>: when the call that set it was signed. A call that was signed no later changes nothing.
/// </summary>
public sealed class ReportKeyStore(TransportStorage storage, TransportKeys keys)
{
    private const string Partition = "-";
    private const string Row = "key";
    private const string KeyColumn = "key";
    private const string SetColumn = "set";
    private const int MaxRaces = 10;

    private static readonly SealedPlace s_place = new(TableNames.ReportInbox, Partition, Row, KeyColumn);

    /// <summary>Null when there is none.</summary>
    internal async Task<byte[]?> FindAsync(CancellationToken cancellationToken) =>
        await storage.Tables.GetAsync(TableNames.ReportInbox, Partition, Row, cancellationToken) is { } row && row.Columns.ContainsKey(KeyColumn)
            ? await keys.Sealer.OpenAsync(TransportKeys.Tenant, s_place, row.Get<byte[]>(KeyColumn), cancellationToken)
            : null;

    /// <summary>False when what is there was signed later, or is this.</summary>
    /// <param name="key">Empty for none.</param>
    /// <param name="signed">When the call was signed.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task<bool> SetAsync(byte[] key, DateTimeOffset signed, CancellationToken cancellationToken)
    {
        Dictionary<string, object> columns = new() { [SetColumn] = signed };
        if (key.Length > 0)
        {
            columns[KeyColumn] = await keys.Sealer.SealLongLivedAsync(TransportKeys.Tenant, s_place, key, cancellationToken);
        }

        for (int race = 0; race < MaxRaces; race++)
        {
            TableRow? before = await storage.Tables.GetAsync(TableNames.ReportInbox, Partition, Row, cancellationToken);
            if (before?.Get<DateTimeOffset>(SetColumn) >= signed)
            {
                return false;
            }

            TableWrite write = before is null ? TableWrite.Insert(Row, columns) : TableWrite.Replace(Row, before.ETag, columns);
            if ((await storage.Tables.CommitAsync(TableNames.ReportInbox, Partition, [write], cancellationToken)).IsSaved)
            {
                return true;
            }
        }

        throw new StorageFaultException("table commit", TableNames.ReportInbox, 412, null);
    }
}

// Partition: the business.
//   {12 digits}      entry of that number: its statement                         inserted, with H
//   H                the last entry's number and hash; signed: the last checkpoint's number
//   S:{12 digits}    a signed checkpoint at that entry                           inserted, with H
using System.Globalization;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Proof.Audits;

/// <summary>
/// Table <c>audit</c>: an entry is inserted in one transaction with the head, guarded by the head's ETag, so that each number is given once and every entry
/// follows the one it names.
/// </summary>
public sealed class AuditStore(ITableStore tables)
{
    /// <summary>No entry's number is greater.</summary>
    internal const long MaxNumber = 999_999_999_998;

    private const string HeadRow = "H";
    private const string CheckpointPrefix = "S:";
    private const string FirstEntry = "0";
    private const string AfterEntries = ":";
    private const string StatementColumn = "statement";
    private const string NumberColumn = "entries";
    private const string HashColumn = "hash";
    private const string SignedColumn = "signed";
    private const string SignatureColumn = "sig";
    private const string SignatureKeyColumn = "sigkey";

    /// <summary>Null for a business without entries.</summary>
    internal async Task<AuditHead?> FindHeadAsync(BusinessId business, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Audit, business.Value, HeadRow, cancellationToken) is { } row
            ? new AuditHead(row.Get<long>(NumberColumn), row.Get<string>(HashColumn), row.Get(SignedColumn, 0L), row.ETag)
            : null;

    /// <summary>False when another entry came first.</summary>
    internal async Task<bool> TryAppendAsync(BusinessId business, AuditHead? head, AuditEntry entry, CancellationToken cancellationToken)
    {
        Statement statement = entry.ToStatement();
        Dictionary<string, object> columns = new() { [NumberColumn] = entry.Number, [HashColumn] = statement.Hash };
        TableWrite[] writes =
        [
            head is null ? TableWrite.Insert(HeadRow, columns) : TableWrite.Merge(HeadRow, head.ETag, columns),
            TableWrite.Insert(EntryKey(entry.Number), new Dictionary<string, object> { [StatementColumn] = statement.Text }),
        ];
        return (await tables.CommitAsync(TableNames.Audit, business.Value, writes, cancellationToken)).IsSaved;
    }

    /// <summary>What stands in an entry's row; null when there is none.</summary>
    internal async Task<string?> FindTextAsync(BusinessId business, long number, CancellationToken cancellationToken) =>
        (await tables.GetAsync(TableNames.Audit, business.Value, EntryKey(number), cancellationToken))?.Get(StatementColumn, string.Empty);

    /// <summary>Entries from <paramref name="from"/> to <paramref name="through"/> as they lie there; one whose text is no entry is <see cref="StoredEntry.Entry"/> null.</summary>
    internal async Task<IReadOnlyList<StoredEntry>> ListAsync(BusinessId business, long from, long through, int limit, CancellationToken cancellationToken)
    {
        List<StoredEntry> found = [];
        TableRange range = new(business.Value, EntryKey(from), EntryKey(through + 1), limit);
        await foreach (TableRow row in tables.QueryAsync(TableNames.Audit, range, cancellationToken))
        {
            found.Add(new StoredEntry(
                long.TryParse(row.RowKey, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0,
                AuditEntry.Parse(row.Get(StatementColumn, string.Empty))));
        }

        return found;
    }

    /// <summary>Checkpoints from one entry to another, those that are none left out.</summary>
    internal async Task<IReadOnlyList<SignedCheckpoint>> ListCheckpointsAsync(BusinessId business, long from, long through, int limit, CancellationToken cancellationToken)
    {
        List<SignedCheckpoint> found = [];
        TableRange range = new(business.Value, CheckpointKey(from), CheckpointKey(through + 1), limit);
        await foreach (TableRow row in tables.QueryAsync(TableNames.Audit, range, cancellationToken))
        {
            if (AuditCheckpoint.Parse(row.Get(StatementColumn, string.Empty)) is { } checkpoint)
            {
                found.Add(new SignedCheckpoint(checkpoint, new KeySignature(row.Get(SignatureKeyColumn, string.Empty), row.Get<byte[]>(SignatureColumn, []))));
            }
        }

        return found;
    }

    /// <summary>Another run's checkpoint of the same entry is as good.</summary>
    internal Task AddCheckpointAsync(BusinessId business, SignedCheckpoint signed, CancellationToken cancellationToken)
    {
        Dictionary<string, object> columns = new()
        {
            [StatementColumn] = signed.Checkpoint.ToStatement().Text,
            [SignatureColumn] = signed.Signature.Bytes,
            [SignatureKeyColumn] = signed.Signature.KeyId,
        };
        TableWrite[] writes =
        [
            TableWrite.Insert(CheckpointKey(signed.Checkpoint.Number), columns),
            TableWrite.Merge(HeadRow, null, new Dictionary<string, object> { [SignedColumn] = signed.Checkpoint.Number }),
        ];
        return tables.CommitAsync(TableNames.Audit, business.Value, writes, cancellationToken);
    }

    /// <summary>Deletes the oldest entries through <paramref name="number"/>, and the checkpoints before it, at most <paramref name="limit"/> of each.</summary>
    internal async Task DeleteThroughAsync(BusinessId business, long number, int limit, CancellationToken cancellationToken)
    {
        if (await DeleteAsync(business, FirstEntry, EntryKey(number + 1), limit, cancellationToken) < limit)
        {
            await DeleteAsync(business, CheckpointPrefix, CheckpointKey(number), limit, cancellationToken);
        }
    }

    /// <summary>The oldest entry that is still there.</summary>
    internal async Task<AuditEntry?> FindOldestAsync(BusinessId business, CancellationToken cancellationToken)
    {
        await foreach (TableRow row in tables.QueryAsync(TableNames.Audit, new TableRange(business.Value, FirstEntry, AfterEntries, 1), cancellationToken))
        {
            return AuditEntry.Parse(row.Get(StatementColumn, string.Empty));
        }

        return null;
    }

    private Task<int> DeleteAsync(BusinessId business, string from, string before, int limit, CancellationToken cancellationToken) =>
        tables.DeleteAsync(TableNames.Audit, new TableRange(business.Value, from, before, limit), cancellationToken);

    private static string EntryKey(long number) => number.ToString("D12", CultureInfo.InvariantCulture);

    private static string CheckpointKey(long number) => CheckpointPrefix + EntryKey(number);
}

/// <param name="Entries">The last entry's number.</param>
/// <param name="Hash">The last entry's hash.</param>
/// <param name="Signed">The last checkpoint's number; 0 before the first.</param>
/// <param name="ETag">Guards the next entry.</param>
internal sealed record AuditHead(long Entries, string Hash, long Signed, string ETag);

/// <param name="Row">The number by which its row is named; 0 when it isn't one.</param>
/// <param name="Entry">Null when its text is no entry.</param>
internal sealed record StoredEntry(long Row, AuditEntry? Entry);

using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Proof.Receipts;

/// <summary>
/// Table <c>receipts</c>, rows <c>R:{id}</c> in the business's partition: what was signed, as it was signed. A receipt is inserted once; a later
/// issue replaces it by ETag.
/// </summary>
public sealed class ReceiptStore(ITableStore tables)
{
    private const string Prefix = "R:";
    private const string StatementColumn = "statement";
    private const string SignatureColumn = "sig";
    private const string SignatureKeyColumn = "sigkey";

    internal async Task<StoredReceipt?> FindAsync(BusinessId business, string id, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Receipts, business.Value, Prefix + id, cancellationToken) is { } row ? Read(row) : null;

    /// <summary>False when there is one of that id already.</summary>
    internal Task<bool> TryAddAsync(BusinessId business, SignedReceipt receipt, CancellationToken cancellationToken) =>
        TryAsync(business, TableWrite.Insert(Prefix + receipt.Receipt.Id, Columns(receipt)), cancellationToken);

    /// <summary>False when it has changed since it was read.</summary>
    internal Task<bool> TryReplaceAsync(BusinessId business, StoredReceipt before, SignedReceipt receipt, CancellationToken cancellationToken) =>
        TryAsync(business, TableWrite.Replace(Prefix + receipt.Receipt.Id, before.ETag, Columns(receipt)), cancellationToken);

    /// <summary>Receipts in the order of their ids, those after <paramref name="after"/>.</summary>
    internal async Task<IReadOnlyList<SignedReceipt>> ListAsync(BusinessId business, string after, int limit, CancellationToken cancellationToken)
    {
        TableRange range = TableRange.StartingWith(business.Value, Prefix, limit);
        List<SignedReceipt> found = [];
        await foreach (TableRow row in tables.QueryAsync(
            TableNames.Receipts, after.Length == 0 ? range : range with { FromRowKey = $"{Prefix}{after}!" }, cancellationToken))
        {
            found.Add(Read(row).Signed);
        }

        return found;
    }

    /// <summary>Deletes the receipts of days before <paramref name="day"/>, at most <paramref name="limit"/>.</summary>
    internal Task DeleteBeforeAsync(BusinessId business, UtcDay day, int limit, CancellationToken cancellationToken) =>
        tables.DeleteAsync(TableNames.Receipts, new TableRange(business.Value, Prefix, Prefix + day.Key, limit), cancellationToken);

    private async Task<bool> TryAsync(BusinessId business, TableWrite write, CancellationToken cancellationToken) =>
        (await tables.CommitAsync(TableNames.Receipts, business.Value, [write], cancellationToken)).IsSaved;

    private static Dictionary<string, object> Columns(SignedReceipt receipt) => new()
    {
        [StatementColumn] = receipt.Receipt.ToStatement().Text,
        [SignatureColumn] = receipt.Signature.Bytes,
        [SignatureKeyColumn] = receipt.Signature.KeyId,
    };

    private static StoredReceipt Read(TableRow row) => new(
        new SignedReceipt(
            DeletionReceipt.Parse(row.Get<string>(StatementColumn)),
            new KeySignature(row.Get<string>(SignatureKeyColumn), row.Get<byte[]>(SignatureColumn))),
        row.ETag);
}

/// <param name="Signed">The receipt.</param>
/// <param name="ETag">Of its row.</param>
internal sealed record StoredReceipt(SignedReceipt Signed, string ETag)
{
    internal DeletionReceipt Receipt => Signed.Receipt;
}

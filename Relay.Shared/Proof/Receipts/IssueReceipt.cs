using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Proof.Receipts;

/// <summary>Signs a receipt and keeps it. The first of an id stays, whoever comes second: repeating a deletion that was cut short changes no count.</summary>
public sealed class IssueReceipt(ReceiptStore receipts, KeyRing keys)
{
    /// <summary>The receipt of that id, which may be an earlier one.</summary>
    public async Task<SignedReceipt> ExecuteAsync(DeletionReceipt receipt, CancellationToken cancellationToken)
    {
        BusinessId business = BusinessId.Parse(receipt.Business);
        if (await receipts.FindAsync(business, receipt.Id, cancellationToken) is { } earlier)
        {
            return earlier.Signed;
        }

        SignedReceipt signed = await SignAsync(receipt, cancellationToken);
        return await receipts.TryAddAsync(business, signed, cancellationToken)
            ? signed
            : (await receipts.FindAsync(business, receipt.Id, cancellationToken))?.Signed ?? signed;
    }

    internal async Task<SignedReceipt> SignAsync(DeletionReceipt receipt, CancellationToken cancellationToken) =>
        new(receipt, await keys.Signer.SignAsync(receipt.ToStatement(), cancellationToken));
}

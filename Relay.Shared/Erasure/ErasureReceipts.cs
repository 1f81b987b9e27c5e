using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Proof.Receipts;

namespace Relay.Shared.Erasure;

/// <summary>
/// Signed receipts of what was deleted before its time. The first of an erasure stays. What was being written meanwhile is deleted too and may be in no count, so an erasure
/// tells at least how much it was; a closure destroys all keys and counts nothing.
/// </summary>
public sealed class ErasureReceipts(IssueReceipt issue, DeletionTally tally, TimeProvider time)
{
    private const string AllKeys = "all";

    /// <summary>Null while the vault is away: the queue's last look issues it then.</summary>
    internal async Task<SignedReceipt?> TryIssueAsync(ErasureItem item, int rows, CancellationToken cancellationToken)
    {
        try
        {
            return await IssueAsync(item, rows, cancellationToken);
        }
        catch (Exception e) when (DependencyFaults.IsAway(e))
        {
            return null;
        }
    }

    internal Task<SignedReceipt> IssueAsync(ErasureItem item, int rows, CancellationToken cancellationToken)
    {
        IReadOnlyList<ErasureTarget> targets = item.Targets ?? [];
        DeletionReceipt receipt = Begin(item, ReceiptKind.Erasure, $"-{item.Id}-{targets[0].Phone}") with
        {
            Conversations = targets.Sum(target => target.Conversations.Count),
            Rows = rows,
            Counts = DeletionReceipt.AtLeast,
        };
        return issue.ExecuteAsync(receipt, cancellationToken);
    }

    /// <summary>Nothing will be issued for days of a closed business: what was being counted goes.</summary>
    internal async Task CloseAsync(ErasureItem item, CancellationToken cancellationToken)
    {
        await tally.ForgetAsync(item.Owner, cancellationToken);
        await issue.ExecuteAsync(Begin(item, ReceiptKind.Closure, string.Empty) with { Key = AllKeys }, cancellationToken);
    }

    private DeletionReceipt Begin(ErasureItem item, string kind, string more) => new()
    {
        Business = item.Business,
        Id = $"{UtcDay.Of(item.At).Key}-{kind}{more}",
        Kind = kind,
        BeganAt = item.At.ToUnixTimeSeconds(),
        IssuedAt = time.GetUtcNow().ToUnixTimeSeconds(),
    };
}

using System.Globalization;
using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Proof.Audits;

/// <summary>
/// A business's audit as it lies there, for itself and for the operator: nothing is judged and nothing left out, that is the verifier's part. What is appended
/// meanwhile is of the next look. Three queries at most and a read a page.
/// </summary>
public sealed class ListAudit(AuditStore audit, BusinessStore businesses)
{
    private const int UsualLimit = 100;
    private const int MaxLimit = 1_000;

    public Task<Result<AuditAnswer, GraphError>> ExecuteAsync(Caller caller, PageRequest page, CancellationToken cancellationToken) =>
        caller.Lacks(AccessScopes.Management) is { } refusal
            ? Task.FromResult<Result<AuditAnswer, GraphError>>(refusal)
            : PageAsync(caller.Business, page, cancellationToken);

    /// <summary>For the operator; a closed business's audit is still there.</summary>
    public async Task<Result<AuditAnswer, GraphError>> ExecuteAsync(BusinessId business, PageRequest page, CancellationToken cancellationToken)
    {
        Result<AuditAnswer, GraphError> result = await PageAsync(business, page, cancellationToken);
        return result.TryGet(out AuditAnswer? answer, out _)
            && answer is { Data.Count: 0, Head: null }
            && await businesses.FindAsync(business, cancellationToken) is null
                ? GraphErrorCode.UnknownObject.Because("There is no such business.")
                : result;
    }

    /// <summary>The businesses there are, for an operator who verifies them all; and first of all the operator itself, once anything was done on no business.</summary>
    public async Task<Result<AuditedBusinessesAnswer, GraphError>> ListBusinessesAsync(PageRequest page, CancellationToken cancellationToken)
    {
        if (!page.ReadLimit(UsualLimit, MaxLimit).TryGet(out PageLimit limit, out GraphError? error))
        {
            return error;
        }

        if (page.After.Length > 0 && !BusinessId.TryParse(page.After, out _))
        {
            return PageRequest.BadAfter;
        }

        List<string> found = [];
        if (page.After.Length == 0 && await audit.FindHeadAsync(OperatorTenant.Id, cancellationToken) is not null)
        {
            found.Add(OperatorTenant.Id.Value);
        }

        if (found.Count < limit.Items)
        {
            await foreach (BusinessId business in businesses.ListAsync(page.After, limit.Items - found.Count, cancellationToken))
            {
                found.Add(business.Value);
            }
        }

        return new AuditedBusinessesAnswer(found, found.Count == limit.Items ? found[^1] : null);
    }

    private async Task<Result<AuditAnswer, GraphError>> PageAsync(BusinessId business, PageRequest page, CancellationToken cancellationToken)
    {
        if (!page.ReadLimit(UsualLimit, MaxLimit).TryGet(out PageLimit limit, out GraphError? error))
        {
            return error;
        }

        long after = 0;
        if (page.After.Length > 0
            && (!long.TryParse(page.After, NumberStyles.None, CultureInfo.InvariantCulture, out after) || after is < 1 or >= AuditStore.MaxNumber))
        {
            return PageRequest.BadAfter;
        }

        // Checkpoints, then the head, then entries: none of them tells of what the next one has not. An entry has one checkpoint at most.
        long from = after > 0 ? after + 1 : Math.Max(0, (await audit.FindOldestAsync(business, cancellationToken))?.Number - 1 ?? 0);
        IReadOnlyList<SignedCheckpoint> checkpoints = await audit.ListCheckpointsAsync(
            business, from, AuditStore.MaxNumber, limit.Items + 1, cancellationToken);
        AuditHead? head = await audit.FindHeadAsync(business, cancellationToken);
        IReadOnlyList<StoredEntry> entries = await audit.ListAsync(business, after + 1, head?.Entries ?? AuditStore.MaxNumber, limit.Items, cancellationToken);
        bool isLast = entries.Count < limit.Items;
        return new AuditAnswer(
            [.. entries.Select(one => new AuditLine(one.Row, one.Entry))],
            [.. checkpoints.Where(one => isLast || one.Checkpoint.Number <= entries[^1].Row).Select(one => new SignedCheckpointAnswer(one.Checkpoint, SignatureAnswer.Of(one.Signature)))],
            head is null ? null : new AuditHeadAnswer(head.Entries, head.Hash),
            isLast ? null : entries[^1].Row.ToString(CultureInfo.InvariantCulture));
    }
}

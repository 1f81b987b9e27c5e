using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Proof.Receipts;

/// <summary>A business's deletion receipts, for itself and for the operator. One query a page.</summary>
public sealed class ListReceipts(ReceiptStore receipts, BusinessStore businesses)
{
    private const int UsualLimit = 25;
    private const int MaxLimit = 100;
    private const int MaxId = 64;

    public Task<Result<ReceiptsAnswer, GraphError>> ExecuteAsync(Caller caller, PageRequest page, CancellationToken cancellationToken) =>
        caller.Lacks(AccessScopes.Management) is { } refusal
            ? Task.FromResult<Result<ReceiptsAnswer, GraphError>>(refusal)
            : PageAsync(caller.Business, page, cancellationToken);

    /// <summary>For the operator; a closed business's receipts are still there. Of the operator itself nothing is deleted, so it has none.</summary>
    public async Task<Result<ReceiptsAnswer, GraphError>> ExecuteAsync(BusinessId business, PageRequest page, CancellationToken cancellationToken)
    {
        Result<ReceiptsAnswer, GraphError> result = await PageAsync(business, page, cancellationToken);
        return result.TryGet(out ReceiptsAnswer? answer, out _) && answer.Data.Count == 0 && business != OperatorTenant.Id && await businesses.FindAsync(business, cancellationToken) is null
            ? GraphErrorCode.UnknownObject.Because("There is no such business.")
            : result;
    }

    private async Task<Result<ReceiptsAnswer, GraphError>> PageAsync(BusinessId business, PageRequest page, CancellationToken cancellationToken)
    {
        if (!page.ReadLimit(UsualLimit, MaxLimit).TryGet(out PageLimit limit, out GraphError? error))
        {
            return error;
        }

        if (page.After.Length > MaxId || !page.After.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            return PageRequest.BadAfter;
        }

        IReadOnlyList<SignedReceipt> found = await receipts.ListAsync(business, page.After, limit.Items, cancellationToken);
        return new ReceiptsAnswer(
            [.. found.Select(SignedReceiptAnswer.Of)],
            found.Count == limit.Items ? found[^1].Receipt.Id : null);
    }
}

using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Administration.People;
using Relay.Shared.Erasure;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Administration.Tenants;

/// <summary>
/// Closes a business, gives its numbers free, and ends the rights that people have for it. A transport that is away holds no closing up: then the numbers stay taken. Rights that a
/// process leaves behind end with the daily sweep.
/// </summary>
public sealed class EndBusiness(CloseBusiness closeBusiness, NumberStore numbers, RemoveNumber removeNumber, WhoMayAccess people)
{
    public async Task<Result<AdminSuccess, GraphError>> ExecuteAsync(BusinessId business, CancellationToken cancellationToken)
    {
        // Before its keys go: their credentials are sealed under one.
        IReadOnlyList<BusinessNumber> taken = await FindNumbersAsync(business, cancellationToken);
        Result<AdminSuccess, GraphError> closed = await closeBusiness.ExecuteAsync(business, cancellationToken);
        if (closed.Error is null)
        {
            await FreeAsync(taken, cancellationToken);
            await people.EndRightsAsync((one, _) => Task.FromResult(one == business), cancellationToken);
        }

        return closed;
    }

    /// <summary>None when they can't be read any more: a second call comes after the keys have gone.</summary>
    private async Task<IReadOnlyList<BusinessNumber>> FindNumbersAsync(BusinessId business, CancellationToken cancellationToken)
    {
        try
        {
            return await numbers.ListAsync(business, cancellationToken).ToListAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return [];
        }
    }

    private async Task FreeAsync(IReadOnlyList<BusinessNumber> taken, CancellationToken cancellationToken)
    {
        try
        {
            foreach (BusinessNumber number in taken)
            {
                await removeNumber.IsFreeAsync(number, cancellationToken);
            }
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
        }
    }
}

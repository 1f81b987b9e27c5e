using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Administration.People;
using Relay.Shared.Erasure;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Administration.Tenants;

/// <summary>
/// Closes a business, gives its numbers free, has what was counted of it forgotten, and ends the rights that people have for it. A transport that is away holds no closing up: then
/// the numbers stay taken, and of what was counted the tier and the rating stay. Rights that a process leaves behind end with the daily sweep.
/// </summary>
public sealed partial class EndBusiness(
    CloseBusiness closeBusiness, NumberStore numbers, RemoveNumber removeNumber, TenantIntegrity integrity, WhoMayAccess people, ILogger<EndBusiness> logger)
{
    public async Task<Result<AdminSuccess, GraphError>> ExecuteAsync(BusinessId business, CancellationToken cancellationToken)
    {
        // Before its keys go: their credentials are sealed under one.
        IReadOnlyList<BusinessNumber> taken = await FindNumbersAsync(business, cancellationToken);
        Result<AdminSuccess, GraphError> closed = await closeBusiness.ExecuteAsync(business, cancellationToken);
        if (closed.Error is null)
        {
            await FreeAsync(taken, cancellationToken);
            await ForgetAsync(business, cancellationToken);
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
        catch (SealBrokenException)
        {
            return [];
        }
    }

    private async Task FreeAsync(IReadOnlyList<BusinessNumber> taken, CancellationToken cancellationToken)
    {
        foreach (BusinessNumber number in taken)
        {
            try
            {
                await removeNumber.IsFreeAsync(number, cancellationToken);
            }
            catch (Exception e) when (e is HttpRequestException or TimeoutException)
            {
                Log.NotFreed(logger, FaultKind.Of(e));
            }
        }
    }

    private async Task ForgetAsync(BusinessId business, CancellationToken cancellationToken)
    {
        try
        {
            await integrity.ForgetAsync(business, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            Log.NotForgotten(logger, FaultKind.Of(e));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(361, LogLevel.Warning, "What the transport counted of a business that was closed could not be deleted there ({Fault}): its tier and its rating stay.")]
        internal static partial void NotForgotten(ILogger logger, FaultKind fault);

        [LoggerMessage(360, LogLevel.Warning, "A number of a business that was closed could not be given free at the transport ({Fault}): it stays taken.")]
        internal static partial void NotFreed(ILogger logger, FaultKind fault);
    }
}

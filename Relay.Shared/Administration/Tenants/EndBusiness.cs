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
/// Closes a business, gives its numbers free, ends what the transport keeps of it (counts, what users attached to reports), and ends the rights that people have for it. A transport
/// that is away holds no closing up: then the numbers stay taken, the tier and the rating stay, and the rest dies with its days. Rights that a process leaves behind end with the daily
/// sweep.
/// </summary>
public sealed partial class EndBusiness(
    CloseBusiness closeBusiness, NumberStore numbers, RemoveNumber removeNumber, TenantIntegrity integrity, WhoMayAccess people, ILogger<EndBusiness> logger)
{
    private const int MaxAttempts = 3;

    public async Task<Result<AdminSuccess, GraphError>> ExecuteAsync(BusinessId business, CancellationToken cancellationToken)
    {
        // Before its keys go: their credentials are sealed under one.
        IReadOnlyList<BusinessNumber> taken = await FindNumbersAsync(business, cancellationToken);
        Result<AdminSuccess, GraphError> closed = await closeBusiness.ExecuteAsync(business, cancellationToken);
        if (closed.Error is null)
        {
            await FreeAsync(taken, cancellationToken);
            await EndAtTransportAsync(business, cancellationToken);
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

    private async Task EndAtTransportAsync(BusinessId business, CancellationToken cancellationToken)
    {
        for (int attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            try
            {
                await integrity.EndAsync(business, cancellationToken);
                return;
            }
            catch (Exception e) when (e is HttpRequestException or TimeoutException)
            {
                if (attempt == MaxAttempts)
                {
                    Log.NotEnded(logger, FaultKind.Of(e));
                }
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(361, LogLevel.Warning, "The transport could not be told that a business is closed ({Fault}): its tier and its rating stay, the rest until its days are over.")]
        internal static partial void NotEnded(ILogger logger, FaultKind fault);

        [LoggerMessage(360, LogLevel.Warning, "A number of a business that was closed could not be given free at the transport ({Fault}): it stays taken.")]
        internal static partial void NotFreed(ILogger logger, FaultKind fault);
    }
}

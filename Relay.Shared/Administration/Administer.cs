using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Proof.Audits;

namespace Relay.Shared.Administration;

/// <summary>
/// Does what somebody asks of the admin API: judged by <see cref="AdminOperation"/>, and written to the audit of the business (or of the operator) before it is done.
/// What was refused or failed has a second entry that says so, so an entry without one was done, or its process died.
/// </summary>
public sealed class Administer(RecordAccess record, BusinessStore businesses)
{
    private const string Denied = ".denied";
    private const string Refused = ".refused";
    private const string Failed = ".failed";

    public static GraphError UnknownBusiness => GraphErrorCode.UnknownObject.Because("There is no such business.");

    /// <summary>Null when the caller may.</summary>
    public async Task<GraphError?> JudgeAsync(AdminCaller caller, AdminOperation operation, BusinessId? business, CancellationToken cancellationToken)
    {
        if (caller.Refuses(operation, business) is not { } refusal)
        {
            return null;
        }

        // Only who has a role for it can write into a business's audit.
        if (operation.IsRecorded && refusal.Code == GraphErrorCode.NoPermission && (business is not { } one || await businesses.ExistsAsync(one, cancellationToken)))
        {
            await RecordAsync(caller, operation, business, Denied, cancellationToken);
        }

        return refusal;
    }

    /// <param name="caller">Who may; see <see cref="JudgeAsync"/>.</param>
    /// <param name="operation">What.</param>
    /// <param name="business">On which business; null on none.</param>
    /// <param name="run">Does it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Result<T, GraphError>> ExecuteAsync<T>(
        AdminCaller caller, AdminOperation operation, BusinessId? business, Func<CancellationToken, Task<Result<T, GraphError>>> run, CancellationToken cancellationToken)
        where T : class
    {
        if (!operation.IsRecorded)
        {
            return await run(cancellationToken);
        }

        if (business is { } one && !await businesses.ExistsAsync(one, cancellationToken))
        {
            return UnknownBusiness;
        }

        await RecordAsync(caller, operation, business, string.Empty, cancellationToken);
        try
        {
            Result<T, GraphError> result = await run(cancellationToken);
            if (result.Error is not null)
            {
                await RecordAsync(caller, operation, business, Refused, cancellationToken);
            }

            return result;
        }
        catch (Exception)
        {
            // Whatever failed is told to the caller; where the audit can't be reached either, the first entry stands alone.
            await TryRecordFailureAsync(caller, operation, business);
            throw;
        }
    }

    private async Task TryRecordFailureAsync(AdminCaller caller, AdminOperation operation, BusinessId? business)
    {
        try
        {
            await RecordAsync(caller, operation, business, Failed, CancellationToken.None);
        }
        catch (Exception)
        {
        }
    }

    private Task RecordAsync(AdminCaller caller, AdminOperation operation, BusinessId? business, string outcome, CancellationToken cancellationToken) =>
        record.ExecuteAsync(operation.IsOperatorsAffair ? OperatorTenant.Id : business ?? OperatorTenant.Id, AccessActor.Of(caller), operation, outcome, cancellationToken);
}

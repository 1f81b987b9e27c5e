using Relay.Shared.Storage;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Integrity;

/// <summary>
/// Deletes all that was counted of a business that is closed; the caller has proved to be the operator. May be repeated. What an instance still has in memory is written after it
/// and goes with its days: for that the business stays listed, for an hour at least (<see cref="StandingStore.LetGoAsync"/>).
/// </summary>
public sealed class ForgetSignals(TransportStorage storage, StandingStore standings)
{
    public async Task<TransportResult<ForgetSignalsResponse>> ExecuteAsync(ForgetSignalsRequest request, CancellationToken cancellationToken)
    {
        if (!ShowSignals.IsLabel(request.Business))
        {
            return TransportFailures.NotABusiness;
        }

        await standings.EndAsync(request.Business, cancellationToken);
        foreach (string table in (string[])[TableNames.ReportInbox, TableNames.Signals])
        {
            await storage.Tables.DeleteAsync(table, TableRange.Partition(request.Business, int.MaxValue), cancellationToken);
        }

        return new ForgetSignalsResponse();
    }
}

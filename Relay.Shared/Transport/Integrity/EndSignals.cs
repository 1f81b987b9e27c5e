using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Integrity.Reports;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Integrity;

/// <summary>
/// Deletes what was counted of a business that is closed, its standing, and what users attached to reports of it; the caller has proved to be the operator. May be repeated. What an
/// instance still has in memory is written after it and goes with its days: the business stays listed for as long as the inbox says that it is closed, eight days.
/// </summary>
public sealed class EndSignals(TransportStorage storage, StandingStore standings, ReportInbox inbox, TimeProvider time)
{
    public async Task<TransportResult<EndBusinessResponse>> ExecuteAsync(EndBusinessRequest request, CancellationToken cancellationToken)
    {
        if (!ShowSignals.IsLabel(request.Business))
        {
            return TransportFailures.NotABusiness;
        }

        await standings.ListAsync(request.Business, cancellationToken);
        await inbox.EndAsync(request.Business, UtcDay.Today(time), cancellationToken);
        await storage.Tables.DeleteAsync(TableNames.Signals, TableRange.Partition(request.Business, int.MaxValue), cancellationToken);
        return new EndBusinessResponse(true);
    }
}

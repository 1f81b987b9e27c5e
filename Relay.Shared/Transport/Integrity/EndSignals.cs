using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Integrity.Reports;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Integrity;

/// <summary>
/// Deletes what was counted of a business that is closed, its standing, and what users attached to reports of it; the caller has proved to be the operator. May be repeated. The
/// mark in the inbox says for eight days that it is closed: the hourly rating deletes what an instance still writes of it, or what a call that died has left.
/// </summary>
public sealed class EndSignals(TransportStorage storage, ListedBusinesses listed, ReportInbox inbox, TimeProvider time)
{
    public async Task<TransportResult<EndBusinessResponse>> ExecuteAsync(EndBusinessRequest request, CancellationToken cancellationToken)
    {
        if (!BusinessLabel.IsOne(request.Business))
        {
            return TransportFailures.NotABusiness;
        }

        await listed.AddAsync(request.Business, cancellationToken);
        await inbox.EndAsync(request.Business, UtcDay.Today(time), cancellationToken);
        await SweepAsync(request.Business, cancellationToken);
        return new EndBusinessResponse(true);
    }

    /// <summary>Deletes what was counted, and the standing.</summary>
    internal Task SweepAsync(string business, CancellationToken cancellationToken) =>
        storage.Tables.DeleteAsync(TableNames.Signals, TableRange.Partition(business, int.MaxValue), cancellationToken);
}

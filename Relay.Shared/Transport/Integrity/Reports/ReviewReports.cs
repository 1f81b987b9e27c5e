using Microsoft.Extensions.Logging;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Integrity.Reports;

/// <summary>Gives the operator what users attached to reports of a business, as their devices sealed it, and deletes what was dealt with. All may be repeated.</summary>
public sealed partial class ReviewReports(ReportInbox inbox, ILogger<ReviewReports> logger)
{
    public async Task<TransportResult<ReportsResponse>> ListAsync(ListReportsRequest request, CancellationToken cancellationToken)
    {
        if (!BusinessLabel.IsOne(request.Business))
        {
            return TransportFailures.NotABusiness;
        }

        if (request.After is { } after && !ReportInbox.IsId(after))
        {
            return TransportFailures.BadRequest("'after' is no report's id.");
        }

        if (request.Limit is < 1 or > TransportLimits.MaxReportsPerPage)
        {
            return TransportFailures.BadRequest($"'limit' is not 1 to {TransportLimits.MaxReportsPerPage}.");
        }

        (IReadOnlyList<KeptReport> reports, string? next) = await inbox.ListAsync(
            request.Business, request.After, request.Limit ?? TransportLimits.MaxReportsPerPage, cancellationToken);
        int changed = reports.Count(one => one.Box is null);
        if (changed > 0)
        {
            Log.Changed(logger, changed);
        }

        return new ReportsResponse([.. reports.Select(one => new AttachedReport(one.Id, one.Day) { Content = one.Box })]) { Next = next };
    }

    public async Task<TransportResult<CloseReportResponse>> CloseAsync(CloseReportRequest request, CancellationToken cancellationToken) =>
        !BusinessLabel.IsOne(request.Business) ? TransportFailures.NotABusiness
        : !ReportInbox.IsId(request.Report) ? TransportFailures.BadRequest("'report' is no report's id.")
        : new CloseReportResponse(await inbox.CloseAsync(request.Business, request.Report, cancellationToken));

    private static partial class Log
    {
        [LoggerMessage(3308, LogLevel.Error, "{Rows} rows of what users attached to reports are not as the transport wrote them.")]
        internal static partial void Changed(ILogger logger, int rows);
    }
}

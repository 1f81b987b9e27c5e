using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Transport.Integrity.Reports;
using Relay.Shared.Transport.Wire;

namespace Relay.Functions.Devices;

/// <summary>What users attached to reports, for the operator, who alone can open it.</summary>
public sealed class ReportReviewFunctions(TransportEndpoint endpoint, ReportKey reportKey, ReviewReports reviewReports)
{
    [Function("TransportSetReportKey")]
    public Task<IResult> SetKeyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "transport/v1/operator/report-key")] HttpRequest request, CancellationToken cancellationToken) =>
        endpoint.RunOperatorAsync(
            request, TransportJson.Default.SetReportKeyRequest, TransportJson.Default.ReportKeyResponse, reportKey.SetAsync, cancellationToken);

    [Function("TransportListReports")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "transport/v1/operator/reports")] HttpRequest request, CancellationToken cancellationToken) =>
        endpoint.RunOperatorAsync(
            request, TransportJson.Default.ListReportsRequest, TransportJson.Default.ReportsResponse, (body, _, token) => reviewReports.ListAsync(body, token), cancellationToken);

    [Function("TransportCloseReport")]
    public Task<IResult> CloseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "transport/v1/operator/reports/close")] HttpRequest request, CancellationToken cancellationToken) =>
        endpoint.RunOperatorAsync(
            request, TransportJson.Default.CloseReportRequest, TransportJson.Default.CloseReportResponse, (body, _, token) => reviewReports.CloseAsync(body, token), cancellationToken);
}

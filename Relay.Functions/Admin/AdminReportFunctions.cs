using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Functions.Proof;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Administration;
using Relay.Shared.Administration.Tenants;

namespace Relay.Functions.Admin;

/// <summary>What users attached to reports of a business, sealed for the operator.</summary>
public sealed class AdminReportFunctions(AdminEndpoint endpoint, TenantReports reports)
{
    [Function("AdminListReports")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/businesses/{businessId}/reports")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.ReadAsync(
            AdminOperation.ListReports,
            request,
            businessId,
            (business, token) => reports.ListAsync(business, PageQuery.Read(request), token),
            AdminJson.Default.ListBusinessReportsResponse,
            cancellationToken);

    [Function("AdminCloseReport")]
    public Task<IResult> CloseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "relay/v1/admin/businesses/{businessId}/reports/{reportId}")] HttpRequest request,
        string businessId,
        string reportId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(AdminOperation.CloseReport, request, businessId, (business, token) => reports.CloseAsync(business, reportId, token), cancellationToken);

    [Function("AdminSetReportKey")]
    public Task<IResult> SetKeyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "relay/v1/admin/report_key")] HttpRequest request, CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            AdminOperation.SetReportKey, request, AdminJson.Default.SetPublicReportKeyRequest, reports.SetKeyAsync, AdminJson.Default.AdminSuccess, cancellationToken);
}

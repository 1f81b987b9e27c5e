using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Transport.Blocks;
using Relay.Shared.Transport.Integrity.Reports;
using Relay.Shared.Transport.Wire;

namespace Relay.Functions.Devices;

/// <summary>What a user says against a business: a report of one message, or a block.</summary>
public sealed class ReportFunctions(TransportEndpoint endpoint, ReportMessage reportMessage, ReportKey reportKey, ChangeBlock changeBlock, ListBlocks listBlocks)
{
    [Function("TransportShowReportKey")]
    public Task<IResult> ShowKeyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "transport/v1/report-key")] HttpRequest request, CancellationToken cancellationToken) =>
        endpoint.RunDeviceAsync(request, TransportJson.Default.ReportKeyResponse, (_, token) => reportKey.ShowAsync(token), cancellationToken);

    [Function("TransportReportMessage")]
    public Task<IResult> ReportAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "transport/v1/reports")] HttpRequest request, CancellationToken cancellationToken) =>
        endpoint.RunDeviceAsync(request, TransportJson.Default.ReportRequest, TransportJson.Default.ReportResponse, reportMessage.ExecuteAsync, cancellationToken);

    [Function("TransportListBlocks")]
    public Task<IResult> ListBlocksAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "transport/v1/blocks")] HttpRequest request, CancellationToken cancellationToken) =>
        endpoint.RunDeviceAsync(request, TransportJson.Default.BlocksResponse, listBlocks.ExecuteAsync, cancellationToken);

    [Function("TransportChangeBlock")]
    public Task<IResult> ChangeBlockAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "transport/v1/blocks")] HttpRequest request, CancellationToken cancellationToken) =>
        endpoint.RunDeviceAsync(request, TransportJson.Default.BlockRequest, TransportJson.Default.BlockResponse, changeBlock.ExecuteAsync, cancellationToken);
}

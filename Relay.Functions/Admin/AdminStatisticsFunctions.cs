using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Administration;
using Relay.Shared.Integrity;

namespace Relay.Functions.Admin;

/// <summary>What is published over all businesses.</summary>
public sealed class AdminStatisticsFunctions(AdminEndpoint endpoint, ListStatistics listStatistics)
{
    [Function("AdminListStatistics")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/statistics")] HttpRequest request, CancellationToken cancellationToken) =>
        endpoint.ReadAsync(
            AdminOperation.ListStatistics,
            request,
            (_, token) => listStatistics.ExecuteAsync(request.Query["since"].ToString(), token),
            IntegrityJson.Default.StatisticsAnswer,
            cancellationToken);
}

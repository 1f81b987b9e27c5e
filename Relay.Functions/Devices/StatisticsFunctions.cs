using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Transport.Statistics;
using Relay.Shared.Transport.Wire;

namespace Relay.Functions.Devices;

/// <summary>What is published over all businesses: made once a week, told to the operator.</summary>
public sealed class StatisticsFunctions(TransportEndpoint endpoint, ListReleases listReleases, PublishStatistics publishStatistics)
{
    [Function("TransportListStatistics")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "transport/v1/operator/statistics")] HttpRequest request, CancellationToken cancellationToken) =>
        endpoint.RunOperatorAsync(
            request, TransportJson.Default.StatisticsRequest, TransportJson.Default.StatisticsResponse, listReleases.ExecuteAsync, cancellationToken);

    [Function("TransportPublishStatistics")]
    public Task PublishAsync([TimerTrigger("0 40 3 * * *")] TimerInfo timer, CancellationToken cancellationToken) => publishStatistics.ExecuteAsync(cancellationToken);
}

using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Graph;
using Relay.Shared.Maintenance;
using Relay.Shared.Replay;
using Relay.Shared.Storage;

namespace Relay.Functions.Replay;

/// <summary>A business has webhooks of one of its numbers told again.</summary>
public sealed class ReplayFunctions(GraphEndpoint endpoint, AcceptReplay acceptReplay, ReplayWebhooks replayWebhooks, HandlePoison handlePoison)
{
    [Function("AcceptReplay")]
    public Task<IResult> AcceptAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"relay/v1/phone_numbers/{phoneNumberId:regex(^\d+$)}/replay")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, phoneNumberId, ReplayJson.Default.ReplayRequest, acceptReplay.ExecuteAsync, GraphOutput.SuccessResponse, cancellationToken);

    [Function("ReplayWebhooks")]
    public Task ReplayAsync(
        [QueueTrigger(QueueNames.Replays, Connection = nameof(RelayStorage))] string body, CancellationToken cancellationToken) =>
        replayWebhooks.ExecuteAsync(body, cancellationToken);

    [Function("ReplayWebhooksPoison")]
    public Task PoisonAsync(
        [QueueTrigger(QueueNames.ReplaysPoison, Connection = nameof(RelayStorage))] string body, CancellationToken cancellationToken) =>
        handlePoison.ReplaysAsync(body, cancellationToken);
}

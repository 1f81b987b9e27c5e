using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Graph;
using Relay.Shared.History;

namespace Relay.Functions.History;

/// <summary>A business looks up what became of its messages and of telling it about them. Any version, or none, means the same.</summary>
public sealed class HistoryFunctions(GraphEndpoint endpoint, ListHistory listHistory, ListHistoryEvents listEvents)
{
    [Function("ListMessageHistory")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/message_history")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request,
            phoneNumberId,
            (caller, number, token) => listHistory.ExecuteAsync(caller, number, HistoryQuery.Read(request), token),
            GraphOutput.MessageHistoryResponse,
            cancellationToken);

    [Function("ListMessageHistoryUnversioned")]
    public Task<IResult> ListUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{phoneNumberId:regex(^\d+$)}/message_history")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) => ListAsync(request, phoneNumberId, cancellationToken);

    [Function("ListMessageHistoryEvents")]
    public Task<IResult> ListEventsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{version:regex(^v\d+\.\d+$)}/{messageHistoryId:regex(^\d+$)}/events")] HttpRequest request,
        string messageHistoryId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request,
            (caller, token) => listEvents.ExecuteAsync(caller, messageHistoryId, HistoryQuery.Read(request), token),
            GraphOutput.MessageHistoryEventsResponse,
            cancellationToken);

    [Function("ListMessageHistoryEventsUnversioned")]
    public Task<IResult> ListEventsUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{messageHistoryId:regex(^\d+$)}/events")] HttpRequest request,
        string messageHistoryId,
        CancellationToken cancellationToken) => ListEventsAsync(request, messageHistoryId, cancellationToken);
}

using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Graph;
using Relay.Shared.Messaging;

namespace Relay.Functions.Messages;

/// <summary>A business sends a message from one of its numbers, or marks a user's as read. Any version, or none, means the same.</summary>
public sealed class MessageFunctions(GraphEndpoint endpoint, IMessageIntake intake)
{
    [Function("SendMessage")]
    public Task<IResult> SendAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/messages")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(request, phoneNumberId, GraphJson.Default.SendMessageRequest, intake.ExecuteAsync, GraphOutput.SendMessageReply, cancellationToken);

    [Function("SendMessageUnversioned")]
    public Task<IResult> SendUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{phoneNumberId:regex(^\d+$)}/messages")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) => SendAsync(request, phoneNumberId, cancellationToken);
}

using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Erasure;
using Relay.Shared.Maintenance;
using Relay.Shared.Storage;

namespace Relay.Functions.Erasure;

/// <summary>What a user may ask of a business that has their data: to have it, and to have it deleted. And the queue that deletes.</summary>
public sealed class ContactFunctions(
    GraphEndpoint endpoint, EraseContact eraseContact, ExportContact exportContact, RunErasure runErasure, HandlePoison handlePoison)
{
    [Function("EraseContact")]
    public Task<IResult> EraseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "relay/v1/contacts/{number}")] HttpRequest request,
        string number,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, (caller, token) => eraseContact.ExecuteAsync(caller, number, token), ErasureJson.Default.ErasureReply, cancellationToken);

    [Function("ExportContact")]
    public Task<IResult> ExportAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/contacts/{number}/export")] HttpRequest request,
        string number,
        CancellationToken cancellationToken) =>
        endpoint.StreamAsync(request, (caller, token) => exportContact.ExecuteAsync(caller, number, token), cancellationToken);

    [Function("RunErasure")]
    public Task RunAsync(
        [QueueTrigger(QueueNames.Erasures, Connection = nameof(RelayStorage))] string body, CancellationToken cancellationToken) =>
        runErasure.ExecuteAsync(body, cancellationToken);

    [Function("RunErasurePoison")]
    public Task PoisonAsync(
        [QueueTrigger(QueueNames.ErasuresPoison, Connection = nameof(RelayStorage))] string body, CancellationToken cancellationToken) =>
        handlePoison.ErasuresAsync(body, cancellationToken);
}

using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.PhoneNumbers.Blocking;

namespace Relay.Functions.PhoneNumbers;

/// <summary>Whom a number blocks. Any version, or none, means the same.</summary>
public sealed class BlockFunctions(GraphEndpoint endpoint, BlockUsers blockUsers, ListBlocked listBlocked)
{
    [Function("ListBlockedUsers")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/block_users")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, phoneNumberId, (caller, number, token) => listBlocked.ExecuteAsync(caller, number, ListQuery.Read(request), token), AccountOutput.NodeList, cancellationToken);

    [Function("ListBlockedUsersUnversioned")]
    public Task<IResult> ListUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{phoneNumberId:regex(^\d+$)}/block_users")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) => ListAsync(request, phoneNumberId, cancellationToken);

    [Function("BlockUsers")]
    public Task<IResult> BlockAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/block_users")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunPartlyAsync(request, phoneNumberId, AccountJson.Default.BlockUsersRequest, blockUsers.BlockAsync, cancellationToken);

    [Function("BlockUsersUnversioned")]
    public Task<IResult> BlockUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{phoneNumberId:regex(^\d+$)}/block_users")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) => BlockAsync(request, phoneNumberId, cancellationToken);

    [Function("UnblockUsers")]
    public Task<IResult> UnblockAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/block_users")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunPartlyAsync(request, phoneNumberId, AccountJson.Default.BlockUsersRequest, blockUsers.UnblockAsync, cancellationToken);

    [Function("UnblockUsersUnversioned")]
    public Task<IResult> UnblockUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = @"{phoneNumberId:regex(^\d+$)}/block_users")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) => UnblockAsync(request, phoneNumberId, cancellationToken);
}

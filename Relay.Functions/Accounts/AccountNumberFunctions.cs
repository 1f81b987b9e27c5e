using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.PhoneNumbers.Nodes;
using Relay.Shared.PhoneNumbers.Registration;

namespace Relay.Functions.Accounts;

/// <summary>The phone numbers of a WhatsApp Business Account. Any version, or none, means the same.</summary>
public sealed class AccountNumberFunctions(GraphEndpoint endpoint, ListNumbers listNumbers, AddNumber addNumber)
{
    [Function("ListPhoneNumbers")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{version:regex(^v\d+\.\d+$)}/{wabaId:regex(^\d+$)}/phone_numbers")] HttpRequest request,
        string wabaId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(request, (caller, token) => listNumbers.ExecuteAsync(caller, wabaId, ListQuery.Read(request), token), AccountOutput.NodeList, cancellationToken);

    [Function("ListPhoneNumbersUnversioned")]
    public Task<IResult> ListUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{wabaId:regex(^\d+$)}/phone_numbers")] HttpRequest request,
        string wabaId,
        CancellationToken cancellationToken) => ListAsync(request, wabaId, cancellationToken);

    [Function("AddPhoneNumber")]
    public Task<IResult> AddAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{version:regex(^v\d+\.\d+$)}/{wabaId:regex(^\d+$)}/phone_numbers")] HttpRequest request,
        string wabaId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request,
            AccountJson.Default.AddNumberRequest,
            (caller, parsed, token) => addNumber.ExecuteAsync(caller, wabaId, parsed, token),
            AccountOutput.Node,
            cancellationToken);

    [Function("AddPhoneNumberUnversioned")]
    public Task<IResult> AddUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{wabaId:regex(^\d+$)}/phone_numbers")] HttpRequest request,
        string wabaId,
        CancellationToken cancellationToken) => AddAsync(request, wabaId, cancellationToken);
}

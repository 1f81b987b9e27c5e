using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Functions.Proof;
using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Administration;
using Relay.Shared.Administration.Tenants;
using Relay.Shared.Stamps;

namespace Relay.Functions.Admin;

/// <summary>The phone numbers of a business.</summary>
public sealed class AdminNumberFunctions(AdminEndpoint endpoint, RegisterInStamp registerNumber, TenantNumbers numbers, RemoveNumber removeNumber, SetThroughput setThroughput)
{
    [Function("AdminRegisterNumber")]
    public Task<IResult> RegisterAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "relay/v1/admin/businesses/{businessId}/phone_numbers")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            AdminOperation.RegisterNumber,
            request,
            businessId,
            AdminJson.Default.RegisterNumberRequest,
            registerNumber.ExecuteAsync,
            AdminJson.Default.RegisterNumberResponse,
            cancellationToken);

    [Function("AdminListNumbers")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/businesses/{businessId}/phone_numbers")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.ReadAsync(
            AdminOperation.ListNumbers,
            request,
            businessId,
            (business, token) => numbers.ListAsync(business, PageQuery.Read(request), token),
            AdminJson.Default.ListNumbersResponse,
            cancellationToken);

    [Function("AdminShowNumber")]
    public Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/businesses/{businessId}/phone_numbers/{phoneNumberId}")] HttpRequest request,
        string businessId,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.ReadAsync(
            AdminOperation.ShowNumber,
            request,
            businessId,
            (business, token) => numbers.ShowAsync(business, phoneNumberId, token),
            AdminJson.Default.ListedNumber,
            cancellationToken);

    [Function("AdminDeregisterNumber")]
    public Task<IResult> DeregisterAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "relay/v1/admin/businesses/{businessId}/phone_numbers/{phoneNumberId}/deregister")] HttpRequest request,
        string businessId,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            AdminOperation.DeregisterNumber, request, businessId, (business, token) => numbers.DeregisterAsync(business, phoneNumberId, token), cancellationToken);

    [Function("AdminRemoveNumber")]
    public Task<IResult> RemoveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "relay/v1/admin/businesses/{businessId}/phone_numbers/{phoneNumberId}")] HttpRequest request,
        string businessId,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            AdminOperation.RemoveNumber, request, businessId, (business, token) => removeNumber.ExecuteAsync(business, phoneNumberId, token), cancellationToken);

    [Function("AdminSetThroughput")]
    public Task<IResult> SetThroughputAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "relay/v1/admin/businesses/{businessId}/phone_numbers/{phoneNumberId}/throughput")] HttpRequest request,
        string businessId,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            AdminOperation.SetThroughput,
            request,
            businessId,
            AdminJson.Default.SetThroughputRequest,
            (business, body, token) => setThroughput.ExecuteAsync(business, phoneNumberId, body, token),
            AdminJson.Default.AdminSuccess,
            cancellationToken);
}

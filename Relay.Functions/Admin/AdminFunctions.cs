using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Stamps;

namespace Relay.Functions.Admin;

/// <summary>Provisioning: businesses, their numbers, access tokens and webhooks.</summary>
public sealed class AdminFunctions(
    AdminEndpoint endpoint,
    CreateBusiness createBusiness,
    RegisterInStamp registerNumber,
    AccessTokens accessTokens,
    SetWebhook setWebhook,
    SetSignalPolicy setSignalPolicy)
{
    [Function("AdminCreateBusiness")]
    public Task<IResult> CreateBusinessAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "relay/v1/admin/businesses")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, AdminJson.Default.CreateBusinessRequest, createBusiness.ExecuteAsync, AdminJson.Default.CreateBusinessResponse, cancellationToken);

    [Function("AdminRegisterNumber")]
    public Task<IResult> RegisterNumberAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "relay/v1/admin/businesses/{businessId}/phone_numbers")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request,
            businessId,
            AdminJson.Default.RegisterNumberRequest,
            registerNumber.ExecuteAsync,
            AdminJson.Default.RegisterNumberResponse,
            cancellationToken);

    [Function("AdminIssueToken")]
    public Task<IResult> IssueTokenAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "relay/v1/admin/businesses/{businessId}/access_tokens")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, businessId, AdminJson.Default.IssueTokenRequest, accessTokens.IssueAsync, AdminJson.Default.IssueTokenResponse, cancellationToken);

    [Function("AdminRevokeToken")]
    public Task<IResult> RevokeTokenAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "relay/v1/admin/businesses/{businessId}/access_tokens/{tokenId}")] HttpRequest request,
        string businessId,
        string tokenId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(request, businessId, (business, token) => accessTokens.RevokeAsync(business, tokenId, token), cancellationToken);

    [Function("AdminSetWebhook")]
    public Task<IResult> SetWebhookAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "relay/v1/admin/businesses/{businessId}/webhook")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, businessId, AdminJson.Default.SetWebhookRequest, setWebhook.ExecuteAsync, AdminJson.Default.AdminSuccess, cancellationToken);

    [Function("AdminSetSignalPolicy")]
    public Task<IResult> SetSignalPolicyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "relay/v1/admin/businesses/{businessId}/signal_policy")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, businessId, AdminJson.Default.SetSignalPolicyRequest, setSignalPolicy.ExecuteAsync, AdminJson.Default.AdminSuccess, cancellationToken);
}

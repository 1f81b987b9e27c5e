using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Functions.Proof;
using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Administration;
using Relay.Shared.Primitives;

namespace Relay.Functions.Admin;

/// <summary>The access tokens of a business.</summary>
public sealed class AdminTokenFunctions(AdminEndpoint endpoint, AccessTokens tokens)
{
    [Function("AdminIssueToken")]
    public Task<IResult> IssueAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "relay/v1/admin/businesses/{businessId}/access_tokens")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            AdminOperation.IssueToken,
            request,
            businessId,
            AdminJson.Default.IssueTokenRequest,
            (caller, business, body, token) => tokens.IssueAsync(business, MayGive(caller, business), body, token),
            AdminJson.Default.IssueTokenResponse,
            cancellationToken);

    [Function("AdminListTokens")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/businesses/{businessId}/access_tokens")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.ReadAsync(
            AdminOperation.ListTokens,
            request,
            businessId,
            (business, token) => tokens.ListAsync(business, PageQuery.Read(request), token),
            AdminJson.Default.ListTokensResponse,
            cancellationToken);

    [Function("AdminShowToken")]
    public Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/businesses/{businessId}/access_tokens/{tokenId}")] HttpRequest request,
        string businessId,
        string tokenId,
        CancellationToken cancellationToken) =>
        endpoint.ReadAsync(
            AdminOperation.ShowToken,
            request,
            businessId,
            (business, token) => tokens.ShowAsync(business, tokenId, token),
            AdminJson.Default.ListedToken,
            cancellationToken);

    [Function("AdminSetTokenExpiry")]
    public Task<IResult> SetExpiryAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "relay/v1/admin/businesses/{businessId}/access_tokens/{tokenId}/expiry")] HttpRequest request,
        string businessId,
        string tokenId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            AdminOperation.SetTokenExpiry,
            request,
            businessId,
            AdminJson.Default.SetTokenExpiryRequest,
            (caller, business, body, token) => tokens.SetExpiryAsync(business, MayGive(caller, business), tokenId, body, token),
            AdminJson.Default.AdminSuccess,
            cancellationToken);

    [Function("AdminRevokeToken")]
    public Task<IResult> RevokeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "relay/v1/admin/businesses/{businessId}/access_tokens/{tokenId}")] HttpRequest request,
        string businessId,
        string tokenId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            AdminOperation.RevokeToken,
            request,
            businessId,
            (caller, business, token) => tokens.RevokeAsync(business, MayGive(caller, business), tokenId, token),
            cancellationToken);

    /// <summary>A DEVELOPER has to do with tokens for messaging alone.</summary>
    private static AccessScopes MayGive(AdminCaller caller, BusinessId business) =>
        caller.On(business).HasFlag(AdminRoles.Admin) ? AccessScopes.Messaging | AccessScopes.Management : AccessScopes.Messaging;
}

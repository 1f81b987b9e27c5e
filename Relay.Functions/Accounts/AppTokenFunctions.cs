using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Accounts.Apps;
using Relay.Shared.Graph.Accounts;

namespace Relay.Functions.Accounts;

/// <summary>Gives an app its access token, and says what a token may do. Any version, or none, means the same.</summary>
public sealed class AppTokenFunctions(AppEndpoint endpoint, IssueAppToken issueAppToken, DebugToken debugToken)
{
    [Function("IssueAppToken")]
    public Task<IResult> IssueAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = @"{version:regex(^v\d+\.\d+$)}/oauth/access_token")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.RunOpenAsync(
            request,
            AccountJson.Default.AppTokenRequest,
            new AppTokenRequest(),
            (_, parsed, token) => issueAppToken.ExecuteAsync(parsed, token),
            AccountOutput.Node,
            cancellationToken);

    [Function("IssueAppTokenUnversioned")]
    public Task<IResult> IssueUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "oauth/access_token")] HttpRequest request,
        CancellationToken cancellationToken) => IssueAsync(request, cancellationToken);

    [Function("DebugToken")]
    public Task<IResult> DebugAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{version:regex(^v\d+\.\d+$)}/debug_token")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.RunOpenAsync(
            request,
            AccountJson.Default.DebugTokenRequest,
            new DebugTokenRequest(),
            (token, parsed, stop) => debugToken.ExecuteAsync(token, parsed.InputToken ?? string.Empty, stop),
            AccountOutput.Node,
            cancellationToken);

    [Function("DebugTokenUnversioned")]
    public Task<IResult> DebugUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "debug_token")] HttpRequest request,
        CancellationToken cancellationToken) => DebugAsync(request, cancellationToken);
}

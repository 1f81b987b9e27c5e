using System.Text.Json.Nodes;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts.Apps;

/// <summary><c>oauth/access_token</c> by client credentials: an app's token for who has the app's id and secret. Which of the two is wrong isn't told.</summary>
public sealed class IssueAppToken(FindApp findApp, TimeProvider time)
{
    public async Task<Result<JsonObject, GraphError>> ExecuteAsync(AppTokenRequest request, CancellationToken cancellationToken)
    {
        if (request.GrantType is not "client_credentials")
        {
            return GraphErrorCode.InvalidParameter.Because("grant_type must be client_credentials.");
        }

        if (request is not { ClientId: { } id, ClientSecret: { } secret })
        {
            return GraphErrorCode.InvalidParameter.Because("client_id (the app's id) and client_secret (the app's secret) are required.");
        }

        return NumericId.IsValid(id) && await findApp.ExecuteAsync(id, cancellationToken) is { } business && AppToken.FindSecret(business, secret, time.GetUtcNow()) is { } own
            ? new JsonObject { ["access_token"] = AppToken.Create(business.AppId, own).Reveal(), ["token_type"] = "bearer" }
            : GraphErrorCode.AuthenticationFailed.Because("client_id or client_secret is wrong.");
    }
}

using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts.Apps;

/// <summary><c>debug_token</c>: what a token of the caller's own business may do. Another business's is as invalid as one that never was.</summary>
public sealed class DebugToken(AuthorizeApp authorizeApp, AccountDirectory accounts, TokenStore tokens, TimeProvider time)
{
    public async Task<Result<JsonObject, GraphError>> ExecuteAsync(Secret? token, string inputToken, CancellationToken cancellationToken)
    {
        if (!(await authorizeApp.EitherAsync(token, accounts, cancellationToken)).TryGet(out Business? business, out GraphError? refusal))
        {
            return refusal;
        }

        if (inputToken.Length == 0)
        {
            return GraphErrorCode.InvalidParameter.Because("input_token is required: the token to look at.");
        }

        Secret input = new(inputToken);
        if (await authorizeApp.FindAsync(input, cancellationToken) is { } app)
        {
            return Data(app.Id == business.Id ? Facts(business, "APP", 0, []) : Unknown);
        }

        if (!AccessToken.TryParse(inputToken, out AccessToken? parsed)
            || parsed.Business != business.Id
            || await tokens.FindAsync(business.Id, parsed.Id, cancellationToken) is not { } stored
            || !CryptographicOperations.FixedTimeEquals(stored.Hash, parsed.Hash))
        {
            return Data(Unknown);
        }

        return Data(stored.Expires <= time.GetUtcNow()
            ? Invalid("The access token has expired.")
            : Facts(business, "SYSTEM_USER", stored.Expires == DateTimeOffset.MaxValue ? 0 : stored.Expires.ToUnixTimeSeconds(), ScopeNames.Of(stored.Scopes)));
    }

    private static JsonObject Data(JsonObject facts) => new() { ["data"] = facts };

    private static JsonObject Facts(Business business, string type, long expires, string[] scopes) => new()
    {
        ["app_id"] = business.AppId,
        ["type"] = type,
        ["application"] = business.Name.Reveal(),
        ["data_access_expires_at"] = 0,
        ["expires_at"] = expires,
        ["is_valid"] = true,
        ["scopes"] = new JsonArray([.. scopes.Select(scope => JsonValue.Create(scope))]),
        ["granular_scopes"] = new JsonArray([.. scopes.Select(scope => new JsonObject { ["scope"] = scope, ["target_ids"] = new JsonArray(business.Waba.Value) })]),
    };

    /// <summary>The same for another business's token and for one that nobody has.</summary>
    private static JsonObject Unknown => Invalid("The access token is unknown or was revoked.");

    private static JsonObject Invalid(string message) => new()
    {
        ["error"] = new JsonObject { ["code"] = GraphErrorCode.InvalidToken.Code, ["message"] = message },
        ["is_valid"] = false,
        ["scopes"] = new JsonArray(),
    };
}

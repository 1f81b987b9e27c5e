using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts;

/// <summary>Issues and revokes the access tokens of a business's system users.</summary>
public sealed class AccessTokens(AccountDirectory accounts, TokenStore tokens, TimeProvider time)
{
    private const string Messaging = "whatsapp_business_messaging";
    private const string Management = "whatsapp_business_management";

    public async Task<Result<IssueTokenResponse, GraphError>> IssueAsync(
        BusinessId business, IssueTokenRequest request, CancellationToken cancellationToken)
    {
        if (await accounts.FindBusinessAsync(business, cancellationToken) is null)
        {
            return GraphErrorCode.UnknownObject.Because("There is no such business.");
        }

        if (ToScopes(request.Scopes) is not { } scopes)
        {
            return GraphErrorCode.ParameterInvalid.Because($"scopes may hold {Messaging} and {Management}.");
        }

        DateTimeOffset? expires = null;
        if (request.ExpiresAt is { } seconds)
        {
            if (seconds <= time.GetUtcNow().ToUnixTimeSeconds() || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            {
                return GraphErrorCode.ParameterInvalid.Because("expires_at must be a time in the future, in Unix seconds.");
            }

            expires = DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        AccessToken token = AccessToken.Create(business);
        await tokens.AddAsync(token, scopes, expires, cancellationToken);
        return new IssueTokenResponse(token.Id, token.Reveal().Reveal());
    }

    public async Task<Result<AdminSuccess, GraphError>> RevokeAsync(BusinessId business, string tokenId, CancellationToken cancellationToken) =>
        tokenId.Length == 16 && tokenId.All(char.IsAsciiHexDigitLower) && await tokens.RevokeAsync(business, tokenId, cancellationToken)
            ? new AdminSuccess()
            : GraphErrorCode.UnknownObject.Because("There is no such access token.");

    private static AccessScopes? ToScopes(IReadOnlyList<string>? names)
    {
        if (names is null or { Count: 0 })
        {
            return AccessScopes.Messaging | AccessScopes.Management;
        }

        AccessScopes scopes = AccessScopes.None;
        foreach (string name in names)
        {
            switch (name)
            {
                case Messaging:
                    scopes |= AccessScopes.Messaging;
                    break;
                case Management:
                    scopes |= AccessScopes.Management;
                    break;
                default:
                    return null;
            }
        }

        return scopes;
    }
}

using System.Security.Cryptography;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts;

/// <summary>
/// Leads an access token to its tenant. Found tokens are remembered for half a minute, which bounds how long a revocation may go
/// unnoticed; an unknown token costs one point read and compares with a dummy.
/// </summary>
public sealed class Authorize(TokenStore tokens, TimeProvider time) : IAuthorize
{
    private static readonly TimeSpan CacheLife = TimeSpan.FromSeconds(30);
    private static readonly byte[] NoHash = new byte[SHA256.HashSizeInBytes];

    private readonly ShortCache<(BusinessId, string), StoredToken> _known = new(time, CacheLife, 10_000);

    public async ValueTask<Result<Caller, GraphError>> ExecuteAsync(Secret? accessToken, CancellationToken cancellationToken)
    {
        if (!AccessToken.TryParse(accessToken?.Reveal(), out AccessToken? token))
        {
            return GraphErrorCode.InvalidToken.Because("The access token is missing or not one of Relay's.");
        }

        StoredToken? stored = await _known.GetAsync(
            (token.Business, token.Id), cancel => tokens.FindAsync(token.Business, token.Id, cancel), cancellationToken);
        bool genuine = CryptographicOperations.FixedTimeEquals(stored?.Hash ?? NoHash, token.Hash);
        if (stored is null || !genuine || stored.Expires <= time.GetUtcNow())
        {
            return GraphErrorCode.InvalidToken.Because("The access token is unknown, expired or revoked.");
        }

        return new Caller(token.Business, stored.Scopes, token.Id);
    }
}

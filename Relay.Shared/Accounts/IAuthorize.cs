using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts;

/// <summary>
/// Tells whose access token this is. A missing, malformed, unknown, expired or revoked token is
/// <see cref="GraphErrorCode.InvalidToken"/>, and the answer doesn't say which beyond what the caller knows already.
/// </summary>
public interface IAuthorize
{
    /// <summary>The token is as the request bore it; null if it bore none.</summary>
    ValueTask<Result<Caller, GraphError>> ExecuteAsync(Secret? accessToken, CancellationToken cancellationToken);
}

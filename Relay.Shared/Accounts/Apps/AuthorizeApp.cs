using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts.Apps;

/// <summary>Leads an app's access token to its business. It opens what belongs to the app alone; a system user's token opens none of that.</summary>
public sealed class AuthorizeApp(IAuthorize authorize, FindApp findApp, TimeProvider time)
{
    public async ValueTask<Result<Business, GraphError>> ExecuteAsync(Secret? token, CancellationToken cancellationToken)
    {
        if (await FindAsync(token, cancellationToken) is { } business)
        {
            return business;
        }

        Result<Caller, GraphError> user = await authorize.ExecuteAsync(token, cancellationToken);
        return user.Error is null
            ? GraphErrorCode.AppTokenNeeded.Because("GET /oauth/access_token with client_id, client_secret and grant_type=client_credentials gives the app's access token.")
            : GraphErrorCode.InvalidToken.Because("The access token is missing, unknown, expired or revoked.");
    }

    /// <summary>The business of an app's token or a system user's.</summary>
    internal async ValueTask<Result<Business, GraphError>> EitherAsync(Secret? token, AccountDirectory accounts, CancellationToken cancellationToken)
    {
        if (await FindAsync(token, cancellationToken) is { } business)
        {
            return business;
        }

        if (!(await authorize.ExecuteAsync(token, cancellationToken)).TryGet(out Caller? caller, out GraphError? refusal))
        {
            return refusal;
        }

        return await accounts.FindBusinessAsync(caller.Business, cancellationToken) is { } found ? found : AccountDirectory.UnknownNode;
    }

    /// <summary>Null for anything but a genuine app token.</summary>
    internal async ValueTask<Business?> FindAsync(Secret? token, CancellationToken cancellationToken) =>
        token is not null && AppToken.TryReadApp(token, out string? app) && await findApp.ExecuteAsync(app, cancellationToken) is { } business && AppToken.IsOf(business, token, time.GetUtcNow())
            ? business
            : null;
}

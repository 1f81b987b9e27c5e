using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Proof;
using Relay.Shared.Storage;

namespace Relay.Shared.Accounts;

/// <summary>The access tokens of a business's system users. Nobody issues, ends or changes one that can do more than they may give.</summary>
public sealed class AccessTokens(AccountDirectory accounts, TokenStore tokens, SystemUserStore users, TimeProvider time)
{
    internal const AccessScopes AllScopes = AccessScopes.Messaging | AccessScopes.Management;

    private const int UsualLimit = 25;
    private const int MaxLimit = 100;
    private const int MaxRaces = 20;

    /// <param name="business">Whose.</param>
    /// <param name="mayGive">The scopes that the caller may give.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Result<IssueTokenResponse, GraphError>> IssueAsync(
        BusinessId business, AccessScopes mayGive, IssueTokenRequest request, CancellationToken cancellationToken)
    {
        if (await accounts.FindBusinessAsync(business, cancellationToken) is null)
        {
            return GraphErrorCode.UnknownObject.Because("There is no such business.");
        }

        for (int race = 0; race < MaxRaces; race++)
        {
            SystemUser? user = null;
            if (request.SystemUserId is { } id && (user = await users.FindAsync(business, id, cancellationToken)) is not { IsEnded: false })
            {
                return GraphErrorCode.UnknownObject.Because("The business has no such system user.");
            }

            if (!Read(request, mayGive, user?.MayHave ?? AllScopes).TryGet(out (AccessScopes Scopes, DateTimeOffset? Expires) read, out GraphError? mistake))
            {
                return mistake;
            }

            // The user must be as they were read when the token comes to be: whoever removes them ends every token that is there by then.
            AccessToken token = AccessToken.Create(business);
            TokenFacts facts = new() { Id = token.Id, Scopes = read.Scopes, Expires = read.Expires, Created = time.GetUtcNow(), SystemUser = user?.Id };
            if (await tokens.TryAddAsync(token, facts, user is null ? null : SystemUserStore.Guard(user), cancellationToken))
            {
                return new IssueTokenResponse(token.Id, token.Reveal().Reveal());
            }
        }

        throw new StorageFaultException("token insert", TableNames.Tokens, 412, "Raced");
    }

    public async Task<Result<ListTokensResponse, GraphError>> ListAsync(BusinessId business, PageRequest page, CancellationToken cancellationToken)
    {
        if (!page.ReadLimit(UsualLimit, MaxLimit).TryGet(out PageLimit limit, out GraphError? mistake))
        {
            return mistake;
        }

        if (page.After.Length > 0 && !IsId(page.After))
        {
            return PageRequest.BadAfter;
        }

        IReadOnlyList<TokenFacts> found = await tokens.ListAsync(business, page.After, limit.Items, cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        return new ListTokensResponse([.. found.Select(one => ListedToken.From(one, now))], found.Count == limit.Items ? found[^1].Id : null);
    }

    public async Task<Result<ListedToken, GraphError>> ShowAsync(BusinessId business, string tokenId, CancellationToken cancellationToken) =>
        await FindAsync(business, tokenId, cancellationToken) is { } facts ? ListedToken.From(facts, time.GetUtcNow()) : UnknownToken;

    public async Task<Result<AdminSuccess, GraphError>> SetExpiryAsync(
        BusinessId business, AccessScopes mayGive, string tokenId, SetTokenExpiryRequest request, CancellationToken cancellationToken)
    {
        if (request.ExpiresAt is not { } seconds || ToFuture(seconds) is not { } expires)
        {
            return NotInFuture;
        }

        if (await FindAsync(business, tokenId, cancellationToken) is not { } facts)
        {
            return UnknownToken;
        }

        if (facts.EndedAt(time.GetUtcNow()) is not null)
        {
            return GraphErrorCode.ParameterInvalid.Because("The token has ended. Issue another.");
        }

        return TooMuch(facts.Scopes, mayGive) is { } refusal
            ? refusal
            : await tokens.SetExpiryAsync(business, tokenId, expires, cancellationToken) ? new AdminSuccess() : UnknownToken;
    }

    public async Task<Result<AdminSuccess, GraphError>> RevokeAsync(
        BusinessId business, AccessScopes mayGive, string tokenId, CancellationToken cancellationToken)
    {
        if (await FindAsync(business, tokenId, cancellationToken) is not { } facts)
        {
            return UnknownToken;
        }

        if (TooMuch(facts.Scopes, mayGive) is { } refusal)
        {
            return refusal;
        }

        // When it ended is when it was first revoked.
        return facts.Revoked is not null || await tokens.RevokeAsync(business, tokenId, time.GetUtcNow(), cancellationToken) ? new AdminSuccess() : UnknownToken;
    }

    private Result<(AccessScopes Scopes, DateTimeOffset? Expires), GraphError> Read(IssueTokenRequest request, AccessScopes mayGive, AccessScopes userMayHave)
    {
        if ((request.Scopes is { Count: > 0 } names ? ScopeNames.Parse(names) : mayGive & userMayHave) is not { } scopes)
        {
            return GraphErrorCode.ParameterInvalid.Because($"scopes may hold {ScopeNames.All}.");
        }

        if ((scopes & ~userMayHave) != AccessScopes.None)
        {
            return GraphErrorCode.ParameterInvalid.Because("An EMPLOYEE's tokens are for whatsapp_business_messaging alone.");
        }

        if (TooMuch(scopes, mayGive) is { } refusal)
        {
            return refusal;
        }

        DateTimeOffset? expires = null;
        if (request.ExpiresAt is { } seconds && (expires = ToFuture(seconds)) is null)
        {
            return NotInFuture;
        }

        return (scopes, expires);
    }

    private static GraphError UnknownToken => GraphErrorCode.UnknownObject.Because("There is no such access token.");

    private static GraphError NotInFuture => GraphErrorCode.ParameterInvalid.Because("expires_at must be a time in the future, in Unix seconds.");

    private static GraphError? TooMuch(AccessScopes scopes, AccessScopes mayGive) => (scopes & ~mayGive) == AccessScopes.None
        ? null
        : GraphErrorCode.NoPermission.Because("A DEVELOPER has to do with tokens for whatsapp_business_messaging alone; an ADMIN with all.");

    private static bool IsId(string text) => text.Length == 16 && text.All(char.IsAsciiHexDigitLower);

    private async Task<TokenFacts?> FindAsync(BusinessId business, string tokenId, CancellationToken cancellationToken) =>
        IsId(tokenId) ? await tokens.FindFactsAsync(business, tokenId, cancellationToken) : null;

    private DateTimeOffset? ToFuture(long seconds) => seconds <= time.GetUtcNow().ToUnixTimeSeconds() || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
        ? null
        : DateTimeOffset.FromUnixTimeSeconds(seconds);
}

using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Accounts;

/// <summary>What is said of tokens, for those who administer them; the path of a request reads none of it.</summary>
public sealed partial class TokenStore
{
    /// <summary>For how long a token that ended is still shown.</summary>
    internal static readonly TimeSpan LifePastEnd = TimeSpan.FromDays(30);

    /// <summary>Sorts after every token's id (hex digits) and before all else that lies in the partition.</summary>
    private const string AfterTokens = "g";

    private const int MaxTokens = 100_000;

    /// <summary>Null when there is none of that id, and when it has been gone for long enough.</summary>
    internal async Task<TokenFacts?> FindFactsAsync(BusinessId business, string id, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Tokens, business.Value, id, cancellationToken) is { } row ? Read(row) : null;

    /// <summary>Those after <paramref name="after"/>, by id.</summary>
    internal async Task<IReadOnlyList<TokenFacts>> ListAsync(BusinessId business, string after, int limit, CancellationToken cancellationToken)
    {
        List<TokenFacts> found = [];
        TableRange range = new(business.Value, after.Length == 0 ? null : after + "!", AfterTokens, limit);
        await foreach (TableRow row in tables.QueryAsync(TableNames.Tokens, range, cancellationToken))
        {
            found.Add(Read(row));
        }

        return found;
    }

    /// <summary>How many are good.</summary>
    internal async Task<int> CountAsync(BusinessId business, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await ListAsync(business, string.Empty, MaxTokens, cancellationToken)).Count(one => one.EndedAt(now) is null);

    internal Task<bool> SetExpiryAsync(BusinessId business, string id, DateTimeOffset expires, CancellationToken cancellationToken) =>
        MergeAsync(business, id, new Dictionary<string, object> { [ExpiresColumn] = expires }, cancellationToken);

    /// <summary>Ends all tokens of a system user.</summary>
    internal async Task RevokeAllAsync(BusinessId business, string systemUser, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (TokenFacts token in await ListAsync(business, string.Empty, MaxTokens, cancellationToken))
        {
            if (token.SystemUser == systemUser && token.EndedAt(now) is null)
            {
                await RevokeAsync(business, token.Id, now, cancellationToken);
            }
        }
    }

    /// <summary>Deletes those that ended long enough ago.</summary>
    internal async Task DeletePastAsync(BusinessId business, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (TokenFacts token in await ListAsync(business, string.Empty, MaxTokens, cancellationToken))
        {
            if (token.EndedAt(now) is { } end && end + LifePastEnd <= now)
            {
                await tables.CommitAsync(TableNames.Tokens, business.Value, [TableWrite.Delete(token.Id, token.ETag)], cancellationToken);
            }
        }
    }

    private static TokenFacts Read(TableRow row) => new()
    {
        Id = row.RowKey,
        Scopes = (AccessScopes)row.Get<int>(ScopesColumn),
        Expires = Time(row, ExpiresColumn),
        Created = Time(row, CreatedColumn),
        // One that was revoked by an older version has no time: it has been long enough.
        Revoked = row.Get(RevokedColumn, false) ? Time(row, RevokedAtColumn) ?? DateTimeOffset.UnixEpoch : null,
        SystemUser = row.Get(UserColumn, string.Empty) is { Length: > 0 } user ? user : null,
        ETag = row.ETag,
    };

    private static DateTimeOffset? Time(TableRow row, string column) => row.Columns.TryGetValue(column, out object? value) && value is DateTimeOffset time ? time : null;
}

using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Accounts;

/// <summary>Table <c>tokens</c>: PartitionKey the business, RowKey the token's id. A token is known only by the hash of its secret.</summary>
public sealed class TokenStore(ITableStore tables)
{
    private const string HashColumn = "hash";
    private const string ScopesColumn = "scopes";
    private const string ExpiresColumn = "expires";
    private const string RevokedColumn = "revoked";

    public async Task AddAsync(AccessToken token, AccessScopes scopes, DateTimeOffset? expires, CancellationToken cancellationToken)
    {
        Dictionary<string, object> columns = new() { [HashColumn] = token.Hash, [ScopesColumn] = (int)scopes };
        if (expires is { } end)
        {
            columns[ExpiresColumn] = end;
        }

        await tables.CommitAsync(TableNames.Tokens, token.Business.Value, [TableWrite.Insert(token.Id, columns)], cancellationToken);
    }

    public async Task<StoredToken?> FindAsync(BusinessId business, string id, CancellationToken cancellationToken)
    {
        TableRow? row = await tables.GetAsync(TableNames.Tokens, business.Value, id, cancellationToken);
        return row is null || row.Get(RevokedColumn, false)
            ? null
            : new StoredToken(
                row.Get<byte[]>(HashColumn),
                (AccessScopes)row.Get<int>(ScopesColumn),
                row.Get(ExpiresColumn, DateTimeOffset.MaxValue));
    }

    /// <summary>Ends a token; false if there is none of that id. Instances notice within half a minute.</summary>
    public async Task<bool> RevokeAsync(BusinessId business, string id, CancellationToken cancellationToken)
    {
        TableWrite revoke = TableWrite.Merge(id, null, new Dictionary<string, object> { [RevokedColumn] = true });
        return (await tables.CommitAsync(TableNames.Tokens, business.Value, [revoke], cancellationToken)).IsSaved;
    }
}

/// <param name="Hash">SHA-256 of the secret.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Expires">When it ends.</param>
public sealed record StoredToken(byte[] Hash, AccessScopes Scopes, DateTimeOffset Expires);

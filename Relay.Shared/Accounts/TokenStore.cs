using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Accounts;

/// <summary>Table <c>tokens</c>: PartitionKey the business, RowKey the token's id. A token is known only by the hash of its secret.</summary>
public sealed partial class TokenStore(ITableStore tables)
{
    private const string HashColumn = "hash";
    private const string ScopesColumn = "scopes";
    private const string ExpiresColumn = "expires";
    private const string RevokedColumn = "revoked";
    private const string RevokedAtColumn = "revokedAt";
    private const string CreatedColumn = "created";
    private const string UserColumn = "user";

    /// <summary>False, and there is no token, when the guard failed.</summary>
    /// <param name="token">The token.</param>
    /// <param name="facts">What is said of it.</param>
    /// <param name="guard">What must hold in the same transaction: of the system user, who lies in the same partition; null for the one that every business has.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task<bool> TryAddAsync(AccessToken token, TokenFacts facts, TableWrite? guard, CancellationToken cancellationToken)
    {
        Dictionary<string, object> columns = new() { [HashColumn] = token.Hash, [ScopesColumn] = (int)facts.Scopes };
        Set(columns, ExpiresColumn, facts.Expires);
        Set(columns, CreatedColumn, facts.Created);
        if (facts.SystemUser is { } user)
        {
            columns[UserColumn] = user;
        }

        TableWrite insert = TableWrite.Insert(token.Id, columns);
        return (await tables.CommitAsync(TableNames.Tokens, token.Business.Value, guard is null ? [insert] : [insert, guard], cancellationToken)).IsSaved;
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
    public Task<bool> RevokeAsync(BusinessId business, string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        MergeAsync(business, id, new Dictionary<string, object> { [RevokedColumn] = true, [RevokedAtColumn] = now }, cancellationToken);

    private async Task<bool> MergeAsync(BusinessId business, string id, Dictionary<string, object> columns, CancellationToken cancellationToken) =>
        (await tables.CommitAsync(TableNames.Tokens, business.Value, [TableWrite.Merge(id, null, columns)], cancellationToken)).IsSaved;

    private static void Set(Dictionary<string, object> columns, string column, DateTimeOffset? value)
    {
        if (value is { } time)
        {
            columns[column] = time;
        }
    }
}

/// <param name="Hash">SHA-256 of the secret.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Expires">When it ends.</param>
public sealed record StoredToken(byte[] Hash, AccessScopes Scopes, DateTimeOffset Expires);

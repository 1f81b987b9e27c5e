using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Accounts;

/// <summary>
/// The system users of a business, rows <c>user-{id}</c> of table <c>tokens</c>, beside the tokens that they bear: what ends one ends the other. Every business has one
/// more that has no row; tokens without a user are its.
/// </summary>
public sealed class SystemUserStore(ITableStore tables, Sealer sealer)
{
    /// <summary>Of one business.</summary>
    internal const int MaxUsers = 100;

    private const string Prefix = "user-";
    private const string NameColumn = "sealed";
    private const string EmployeeColumn = "employee";
    private const string CreatedColumn = "created";
    private const string EndedColumn = "ended";

    internal async Task AddAsync(BusinessId business, SystemUser user, CancellationToken cancellationToken)
    {
        Dictionary<string, object> columns = new()
        {
            [NameColumn] = await sealer.SealLongLivedAsync(business.Value, Place(business, Prefix + user.Id), Encoding.UTF8.GetBytes(user.Name.Reveal()), cancellationToken),
            [EmployeeColumn] = user.IsEmployee,
            [CreatedColumn] = user.Created,
        };
        await tables.CommitAsync(TableNames.Tokens, business.Value, [TableWrite.Insert(Prefix + user.Id, columns)], cancellationToken);
    }

    internal async Task<SystemUser?> FindAsync(BusinessId business, string id, CancellationToken cancellationToken) =>
        NumericId.IsValid(id) && await tables.GetAsync(TableNames.Tokens, business.Value, Prefix + id, cancellationToken) is { } row
            ? await ReadAsync(business, row, cancellationToken)
            : null;

    internal async Task<IReadOnlyList<SystemUser>> ListAsync(BusinessId business, CancellationToken cancellationToken)
    {
        List<SystemUser> users = [];
        await foreach (TableRow row in tables.QueryAsync(TableNames.Tokens, TableRange.StartingWith(business.Value, Prefix, MaxUsers), cancellationToken))
        {
            users.Add(await ReadAsync(business, row, cancellationToken));
        }

        return users;
    }

    /// <summary>From now on no token is issued to it. False when there is none.</summary>
    internal async Task<bool> EndAsync(BusinessId business, string id, CancellationToken cancellationToken) =>
        NumericId.IsValid(id) && (await tables.CommitAsync(
            TableNames.Tokens, business.Value, [TableWrite.Merge(Prefix + id, null, new Dictionary<string, object> { [EndedColumn] = true })], cancellationToken)).IsSaved;

    /// <summary>Fails the transaction that it is part of if anything has happened to the user since it was read, and changes nothing.</summary>
    internal static TableWrite Guard(SystemUser user) =>
        TableWrite.Merge(Prefix + user.Id, user.ETag, new Dictionary<string, object> { [CreatedColumn] = user.Created });

    /// <summary>False when there was none.</summary>
    internal async Task<bool> RemoveAsync(BusinessId business, string id, CancellationToken cancellationToken) =>
        (await tables.CommitAsync(TableNames.Tokens, business.Value, [TableWrite.Delete(Prefix + id, null)], cancellationToken)).IsSaved;

    private async Task<SystemUser> ReadAsync(BusinessId business, TableRow row, CancellationToken cancellationToken)
    {
        byte[] name = await sealer.OpenAsync(business.Value, Place(business, row.RowKey), row.Get<byte[]>(NameColumn), cancellationToken) ?? throw new SealBrokenException();
        return new SystemUser
        {
            Id = row.RowKey[Prefix.Length..],
            Name = new Sensitive<string>(Encoding.UTF8.GetString(name)),
            IsEmployee = row.Get(EmployeeColumn, false),
            Created = row.Get<DateTimeOffset>(CreatedColumn),
            IsEnded = row.Get(EndedColumn, false),
            ETag = row.ETag,
        };
    }

    private static SealedPlace Place(BusinessId business, string rowKey) => new(TableNames.Tokens, business.Value, rowKey, NameColumn);
}

/// <summary>What bears access tokens: a program of the business.</summary>
public sealed class SystemUser
{
    /// <summary>Digits.</summary>
    public required string Id { get; init; }

    public required Sensitive<string> Name { get; init; }

    /// <summary>An EMPLOYEE's tokens are for messaging alone, an ADMIN's for everything.</summary>
    public required bool IsEmployee { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Whether it is being removed: it gets no token any more.</summary>
    public bool IsEnded { get; init; }

    internal string ETag { get; init; } = string.Empty;

    internal AccessScopes MayHave => IsEmployee ? AccessScopes.Messaging : AccessTokens.AllScopes;

    public override string ToString() => $"system user {Id}";
}

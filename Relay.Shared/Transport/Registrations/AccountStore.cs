using System.Runtime.CompilerServices;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Numbers;

namespace Relay.Shared.Transport.Registrations;

/// <summary>
/// Table <c>accounts</c>. PartitionKey is the number's hash, RowKey <c>A</c>: one row per number, so that a new registration
/// replaces device, credential and push target in one write. Partition <c>business</c> lists the hashes of business numbers;
/// a hash is listed before it is one, and keeps there, when the number is nobody's any more, when the last call that gave it to a relay was signed.
/// </summary>
public sealed class AccountStore(TransportStorage storage, TransportKeys keys, TimeProvider time)
{
    private const string AccountRow = "A";
    private const string BusinessPartition = "business";

    private const string DeviceColumn = "device";
    private const string CredentialColumn = "credential";
    private const string PushColumn = "push";
    private const string RegisteredColumn = "registered";
    private const string SignedColumn = "signed";
    private const string BusinessColumn = "business";
    private const string BlocksColumn = "blocks";

    public async Task<Account?> FindAsync(NumberHash number, CancellationToken cancellationToken) =>
        await storage.Tables.GetAsync(TableNames.Accounts, number.Hex, AccountRow, cancellationToken) is { } row
            ? new Account(number, row.Get<string>(DeviceColumn), row.Get<byte[]>(CredentialColumn), PushOf(row), SignedOf(row), row.ETag)
            {
                Business = row.Columns.ContainsKey(BusinessColumn) ? row.Get<string>(BusinessColumn) : null,
                HasBlocks = row.Get(BlocksColumn, false),
            }
            : null;

    /// <summary>
    /// Gives the number to a device, unless the number's account is not <paramref name="before"/> any more: then false. The device
    /// before it has no credential from here on.
    /// </summary>
    public async Task<bool> TryPutAsync(
        Account account, PushTarget? push, Account? before, CancellationToken cancellationToken)
    {
        NumberHash number = account.Number;
        Dictionary<string, object> columns = new()
        {
            [DeviceColumn] = account.Device,
            [CredentialColumn] = account.CredentialHash,
            [RegisteredColumn] = time.GetUtcNow(),
        };
        if (account.Signed is { } signed)
        {
            columns[SignedColumn] = signed.ToUnixTimeMilliseconds();
        }

        if (account.Business is { } business)
        {
            columns[BusinessColumn] = business;
        }

        if (account.HasBlocks)
        {
            columns[BlocksColumn] = true;
        }

        if (push is not null)
        {
            columns[PushColumn] = await keys.Sealer.SealLongLivedAsync(TransportKeys.Tenant, PushPlace(number), push.ToBytes(), cancellationToken);
            await ListAsync(account, cancellationToken);
        }

        TableWrite write = before?.ETag is { } etag ? TableWrite.Replace(AccountRow, etag, columns) : TableWrite.Insert(AccountRow, columns);
        return (await WriteAsync(number.Hex, write, cancellationToken)).IsSaved;
    }

    /// <summary>Says whether a device blocks anybody, in one transaction with its blocks; fails it when the account is not this one any more.</summary>
    internal static TableWrite SetBlocks(Account account, bool hasBlocks) =>
        TableWrite.Merge(AccountRow, account.ETag, new Dictionary<string, object> { [BlocksColumn] = hasBlocks });

    /// <summary>Takes the number from its device, unless its account is not this one any more: then false.</summary>
    public async Task<bool> TryRemoveAsync(Account account, CancellationToken cancellationToken)
    {
        if (account.Signed is not null)
        {
            await ListAsync(account, cancellationToken);
        }

        return (await WriteAsync(account.Number.Hex, TableWrite.Delete(AccountRow, account.ETag), cancellationToken)).IsSaved;
    }

    /// <summary>When the last call that gave the number to a relay was signed, of a number whose account does not say; null for one that never was a relay's.</summary>
    public async Task<DateTimeOffset?> LastSignedAsync(NumberHash number, CancellationToken cancellationToken) =>
        await storage.Tables.GetAsync(TableNames.Accounts, BusinessPartition, number.Hex, cancellationToken) is { } row ? SignedOf(row) : null;

    /// <summary>The push target of a business number's account, or null. The caller disposes it.</summary>
    public async Task<PushTarget?> OpenPushAsync(Account account, CancellationToken cancellationToken) =>
        account.SealedPush is { } push
        && await keys.Sealer.OpenAsync(TransportKeys.Tenant, PushPlace(account.Number), push, cancellationToken) is { } opened
            ? PushTarget.FromBytes(opened)
            : null;

    /// <summary>The numbers that are or were a business's, in one order for all calls.</summary>
    /// <param name="after">Only those behind it; null for the first on.</param>
    /// <param name="through">Only those up to it; null for all.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async IAsyncEnumerable<NumberHash> ListBusinessesAsync(
        NumberHash? after, NumberHash? through, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TableRange range = new(BusinessPartition, Behind(after), Behind(through), int.MaxValue);
        await foreach (TableRow row in storage.Tables.QueryAsync(TableNames.Accounts, range, cancellationToken))
        {
            if (NumberHash.TryParse(row.RowKey, out NumberHash number))
            {
                yield return number;
            }
        }
    }

    private Task<CommitResult> ListAsync(Account account, CancellationToken cancellationToken)
    {
        Dictionary<string, object> columns = account.Signed is { } signed ? new() { [SignedColumn] = signed.ToUnixTimeMilliseconds() } : [];
        return WriteAsync(BusinessPartition, TableWrite.Upsert(account.Number.Hex, columns), cancellationToken);
    }

    /// <summary>The lowest row key behind one: all have the same length.</summary>
    private static string? Behind(NumberHash? number) => number is { } one ? one.Hex + "0" : null;

    private static SealedPlace PushPlace(NumberHash number) => new(TableNames.Accounts, number.Hex, AccountRow, PushColumn);

    private static byte[]? PushOf(TableRow row) => row.Get<byte[]>(PushColumn, []) is { Length: > 0 } push ? push : null;

    private static DateTimeOffset? SignedOf(TableRow row) =>
        row.Get<long>(SignedColumn, 0) is > 0 and long signed ? DateTimeOffset.FromUnixTimeMilliseconds(signed) : null;

    private Task<CommitResult> WriteAsync(string partition, TableWrite write, CancellationToken cancellationToken) =>
        storage.Tables.CommitAsync(TableNames.Accounts, partition, [write], cancellationToken);
}

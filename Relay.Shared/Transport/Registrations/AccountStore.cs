using System.Runtime.CompilerServices;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Numbers;

namespace Relay.Shared.Transport.Registrations;

/// <summary>
/// Table <c>accounts</c>. PartitionKey is the number's hash, RowKey <c>A</c>: one row per number, so that a new registration
/// replaces device, credential and push target in one write. Partition <c>business</c> lists the hashes of business numbers;
/// a hash is listed before it is one.
/// </summary>
public sealed class AccountStore(TransportStorage storage, TransportKeys keys, TimeProvider time)
{
    /// <summary>How long another instance may go on believing where a number's envelopes go. Nobody is let in by it.</summary>
    internal static readonly TimeSpan RecentLife = TimeSpan.FromSeconds(30);

    private const int MaxRecent = 10_000;

    private const string AccountRow = "A";
    private const string BusinessPartition = "business";

    private const string DeviceColumn = "device";
    private const string CredentialColumn = "credential";
    private const string PushColumn = "push";
    private const string RegisteredColumn = "registered";

    private readonly ShortCache<NumberHash, Account> _recent = new(time, RecentLife, MaxRecent);

    /// <summary>As <see cref="FindAsync"/>, but from storage at most once per <see cref="RecentLife"/>; what this instance replaced is not remembered.</summary>
    public ValueTask<Account?> FindRecentAsync(NumberHash number, CancellationToken cancellationToken) =>
        _recent.GetAsync(number, token => FindAsync(number, token), cancellationToken);

    public async Task<Account?> FindAsync(NumberHash number, CancellationToken cancellationToken) =>
        await storage.Tables.GetAsync(TableNames.Accounts, number.Hex, AccountRow, cancellationToken) is { } row
            ? new Account(number, row.Get<string>(DeviceColumn), row.Get<byte[]>(CredentialColumn), PushOf(row), row.ETag)
            : null;

    /// <summary>
    /// Gives the number to a device, unless the number's account is not <paramref name="before"/> any more: then false. The device
    /// before it has no credential from here on.
    /// </summary>
    public async Task<bool> TryPutAsync(
        NumberHash number, string device, byte[] credentialHash, PushTarget? push, Account? before, CancellationToken cancellationToken)
    {
        Dictionary<string, object> columns = new()
        {
            [DeviceColumn] = device,
            [CredentialColumn] = credentialHash,
            [RegisteredColumn] = time.GetUtcNow(),
        };
        if (push is not null)
        {
            columns[PushColumn] = await keys.Sealer.SealLongLivedAsync(TransportKeys.Tenant, PushPlace(number), push.ToBytes(), cancellationToken);
            await WriteAsync(BusinessPartition, TableWrite.Upsert(number.Hex, new Dictionary<string, object>()), cancellationToken);
        }

        TableWrite write = before?.ETag is { } etag ? TableWrite.Replace(AccountRow, etag, columns) : TableWrite.Insert(AccountRow, columns);
        try
        {
            return (await WriteAsync(number.Hex, write, cancellationToken)).IsSaved;
        }
        finally
        {
            // Also when the answer was lost: the write may have happened.
            _recent.Remove(number);
        }
    }

    /// <summary>The push target of a business number's account, or null. The caller disposes it.</summary>
    public async Task<PushTarget?> OpenPushAsync(Account account, CancellationToken cancellationToken) =>
        account.SealedPush is { } push
        && await keys.Sealer.OpenAsync(TransportKeys.Tenant, PushPlace(account.Number), push, cancellationToken) is { } opened
            ? PushTarget.FromBytes(opened)
            : null;

    /// <summary>Every number that is or was a business's.</summary>
    public async IAsyncEnumerable<NumberHash> ListBusinessesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TableRow row in storage.Tables.QueryAsync(
            TableNames.Accounts, TableRange.Partition(BusinessPartition, int.MaxValue), cancellationToken))
        {
            if (NumberHash.TryParse(row.RowKey, out NumberHash number))
            {
                yield return number;
            }
        }
    }

    private static SealedPlace PushPlace(NumberHash number) => new(TableNames.Accounts, number.Hex, AccountRow, PushColumn);

    private static byte[]? PushOf(TableRow row) => row.Get<byte[]>(PushColumn, []) is { Length: > 0 } push ? push : null;

    private Task<CommitResult> WriteAsync(string partition, TableWrite write, CancellationToken cancellationToken) =>
        storage.Tables.CommitAsync(TableNames.Accounts, partition, [write], cancellationToken);
}

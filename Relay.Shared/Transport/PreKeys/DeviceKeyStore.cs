using System.Globalization;
using System.Security.Cryptography;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.PreKeys;

/// <summary>
/// Table <c>devicekeys</c>: public keys, a partition per device (number's hash and identity key). Row <c>K</c> is the identity
/// and the signed pre-key, <c>P:{id}</c> a one-time pre-key in stock, <c>I:{hash of the key}</c> says that a key was uploaded.
/// <para>
/// Promise: a one-time key is handed out at most once, whatever is repeated. <see cref="TakeAsync"/> hands out what it has
/// deleted guarded by the ETag: of many takers one deletes, the others take the next row. A key enters the stock in one
/// transaction with its <c>I</c> row, which outlives it: a repeated upload can't bring back a key that was already taken.
/// </para>
/// </summary>
public sealed class DeviceKeyStore(TransportStorage storage)
{
    private const int KeysPerCommit = TableLimits.MaxWritesPerCommit / 2;
    private const int TakePage = 16;
    private const int MaxTakeRounds = 16;
    private const int MaxUploadRaces = 4;

    private const string KeysRow = "K";
    private const string StockPrefix = "P:";
    private const string UploadedPrefix = "I:";

    private const string RegistrationIdColumn = "registrationId";
    private const string IdentityColumn = "identity";
    private const string SignedIdColumn = "signedId";
    private const string SignedKeyColumn = "signedKey";
    private const string SignatureColumn = "signature";
    private const string IdColumn = "id";
    private const string KeyColumn = "key";

    private static readonly Dictionary<string, object> s_noColumns = [];

    /// <summary>Makes these, and no others, the keys of the device. What was handed out before stays handed out.</summary>
    public async Task PublishAsync(string partition, DeviceKeys keys, CancellationToken cancellationToken)
    {
        HashSet<string> kept = keys.OneTimePreKeys.Select(StockRow).ToHashSet(StringComparer.Ordinal);
        foreach (TableRow row in await ReadAsync(TableRange.StartingWith(partition, StockPrefix, int.MaxValue), cancellationToken))
        {
            if (!kept.Contains(row.RowKey))
            {
                await CommitAsync(partition, [TableWrite.Delete(row.RowKey, row.ETag)], cancellationToken);
            }
        }

        await AddAsync(partition, keys.OneTimePreKeys, cancellationToken);
        Dictionary<string, object> columns = new(SignedColumns(keys.SignedPreKey))
        {
            [RegistrationIdColumn] = (int)keys.RegistrationId,
            [IdentityColumn] = keys.IdentityKey,
        };
        await CommitAsync(partition, [TableWrite.Upsert(KeysRow, columns)], cancellationToken);
    }

    public async Task<PublishedKeys?> FindAsync(string partition, CancellationToken cancellationToken) =>
        await storage.Tables.GetAsync(TableNames.DeviceKeys, partition, KeysRow, cancellationToken) is { } row
            ? new PublishedKeys(
                (uint)row.Get<int>(RegistrationIdColumn),
                row.Get<byte[]>(IdentityColumn),
                new SignedPreKeyUpload((uint)row.Get<int>(SignedIdColumn), row.Get<byte[]>(SignedKeyColumn), row.Get<byte[]>(SignatureColumn)))
            : null;

    public Task ReplaceSignedAsync(string partition, SignedPreKeyUpload signed, CancellationToken cancellationToken) =>
        CommitAsync(partition, [TableWrite.Merge(KeysRow, null, SignedColumns(signed))], cancellationToken);

    /// <summary>One-time keys in stock, counted up to one more than may be stored.</summary>
    public async Task<int> CountAsync(string partition, CancellationToken cancellationToken) =>
        (await ReadAsync(TableRange.StartingWith(partition, StockPrefix, TransportLimits.MaxPreKeysStored + 1), cancellationToken)).Count;

    /// <summary>Adds keys to the stock, except those that were ever in it. A key under an id in stock replaces that one.</summary>
    public async Task AddAsync(string partition, IEnumerable<PreKeyUpload> keys, CancellationToken cancellationToken)
    {
        foreach (PreKeyUpload[] chunk in keys.Chunk(KeysPerCommit))
        {
            await AddChunkAsync(partition, chunk, cancellationToken);
        }
    }

    /// <summary>A one-time key that no other caller gets; null when there is none (or, after many lost races, none to be had now).</summary>
    public async Task<PreKeyUpload?> TakeAsync(string partition, CancellationToken cancellationToken)
    {
        for (int round = 0; round < MaxTakeRounds; round++)
        {
            List<TableRow> page = await ReadAsync(TableRange.StartingWith(partition, StockPrefix, TakePage), cancellationToken);
            if (page.Count == 0)
            {
                return null;
            }

            // Takers start at different rows, so that they rarely race for the same one.
            int first = RandomNumberGenerator.GetInt32(page.Count);
            for (int i = 0; i < page.Count; i++)
            {
                TableRow row = page[(first + i) % page.Count];
                if ((await CommitAsync(partition, [TableWrite.Delete(row.RowKey, row.ETag)], cancellationToken)).IsSaved)
                {
                    return new PreKeyUpload((uint)row.Get<int>(IdColumn), row.Get<byte[]>(KeyColumn));
                }
            }
        }

        return null;
    }

    /// <summary>Removes everything of a device that no longer holds its number.</summary>
    public async Task DeleteAsync(string partition, CancellationToken cancellationToken)
    {
        foreach (TableRow row in await ReadAsync(TableRange.Partition(partition, int.MaxValue), cancellationToken))
        {
            await CommitAsync(partition, [TableWrite.Delete(row.RowKey, null)], cancellationToken);
        }
    }

    private static string StockRow(PreKeyUpload key) => StockPrefix + key.Id.ToString("x8", CultureInfo.InvariantCulture);

    private static string UploadedRow(PreKeyUpload key) => UploadedPrefix + Convert.ToHexStringLower(SHA256.HashData(key.PublicKey).AsSpan(0, 16));

    private static Dictionary<string, object> SignedColumns(SignedPreKeyUpload signed) => new()
    {
        [SignedIdColumn] = (int)signed.Id,
        [SignedKeyColumn] = signed.PublicKey,
        [SignatureColumn] = signed.Signature,
    };

    private async Task AddChunkAsync(string partition, PreKeyUpload[] chunk, CancellationToken cancellationToken)
    {
        List<PreKeyUpload> fresh = [.. chunk];
        for (int race = 0; race < MaxUploadRaces && fresh.Count > 0; race++)
        {
            List<TableWrite> writes = [];
            foreach (PreKeyUpload key in fresh)
            {
                Dictionary<string, object> columns = new() { [IdColumn] = (int)key.Id, [KeyColumn] = key.PublicKey };
                writes.Add(TableWrite.Insert(UploadedRow(key), s_noColumns));
                writes.Add(TableWrite.Upsert(StockRow(key), columns));
            }

            if ((await CommitAsync(partition, writes, cancellationToken)).IsSaved)
            {
                return;
            }

            await RemoveUploadedAsync(partition, fresh, cancellationToken);
        }
    }

    private async Task RemoveUploadedAsync(string partition, List<PreKeyUpload> keys, CancellationToken cancellationToken)
    {
        foreach (PreKeyUpload key in keys.ToArray())
        {
            if (await storage.Tables.GetAsync(TableNames.DeviceKeys, partition, UploadedRow(key), cancellationToken) is not null)
            {
                keys.Remove(key);
            }
        }
    }

    private async Task<List<TableRow>> ReadAsync(TableRange range, CancellationToken cancellationToken)
    {
        List<TableRow> rows = [];
        await foreach (TableRow row in storage.Tables.QueryAsync(TableNames.DeviceKeys, range, cancellationToken))
        {
            rows.Add(row);
        }

        return rows;
    }

    private Task<CommitResult> CommitAsync(string partition, List<TableWrite> writes, CancellationToken cancellationToken) =>
        storage.Tables.CommitAsync(TableNames.DeviceKeys, partition, writes, cancellationToken);
}

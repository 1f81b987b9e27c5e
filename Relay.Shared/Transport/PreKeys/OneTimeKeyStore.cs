using System.Globalization;
using System.Security.Cryptography;
using Relay.Shared.Storage;

namespace Relay.Shared.Transport.PreKeys;

/// <summary>
/// The stock rows of table <c>devicekeys</c>, a partition per device: <c>P:{id}</c> a one-time pre-key, <c>Q:{id}</c> a one-time Kyber
/// pre-key, <c>I:{hash of the key}</c> says that a key was uploaded.
/// <para>
/// Promise: a one-time key is handed out at most once, whatever is repeated. <see cref="TakeAsync"/> hands out what it has
/// deleted guarded by the ETag: of many takers one deletes, the others take the next row. A key enters the stock in one
/// transaction with its <c>I</c> row, which outlives it: a repeated upload can't bring back a key that was already taken.
/// </para>
/// </summary>
public sealed class OneTimeKeyStore(TransportStorage storage, TimeProvider time)
{
    private const int KeysPerCommit = TableLimits.MaxWritesPerCommit / 2;
    private const int TakePage = 16;
    private const int MaxTakeRounds = 16;
    private const int MaxUploadRaces = 4;

    private const string UploadedPrefix = "I:";
    private const string IdColumn = "id";
    private const string KeyColumn = "key";
    private const string SignatureColumn = "signature";

    private static readonly Dictionary<string, object> s_noColumns = [];

    /// <summary>Makes these, and no others, the stock of the device. What was handed out before stays handed out.</summary>
    internal async Task ReplaceAsync(string partition, IReadOnlyCollection<OneTimeKey> keys, CancellationToken cancellationToken)
    {
        HashSet<string> kept = keys.Select(StockRow).ToHashSet(StringComparer.Ordinal);
        foreach (OneTimeKeyKind kind in Enum.GetValues<OneTimeKeyKind>())
        {
            foreach (TableRow row in await ReadAsync(TableRange.StartingWith(partition, Prefix(kind), int.MaxValue), cancellationToken))
            {
                if (!kept.Contains(row.RowKey))
                {
                    await CommitAsync(partition, [TableWrite.Delete(row.RowKey, row.ETag)], cancellationToken);
                }
            }
        }

        await AddAsync(partition, keys, cancellationToken);
    }

    /// <summary>Keys of a kind in stock, counted up to one more than <paramref name="most"/>.</summary>
    internal async Task<int> CountAsync(string partition, OneTimeKeyKind kind, int most, CancellationToken cancellationToken) =>
        (await ReadAsync(TableRange.StartingWith(partition, Prefix(kind), most + 1), cancellationToken)).Count;

    /// <summary>Adds keys to the stock, except those that were ever in it. A key under an id in stock replaces that one.</summary>
    internal async Task AddAsync(string partition, IEnumerable<OneTimeKey> keys, CancellationToken cancellationToken)
    {
        foreach (OneTimeKey[] chunk in keys.Chunk(KeysPerCommit))
        {
            await AddChunkAsync(partition, chunk, cancellationToken);
        }
    }

    /// <summary>A one-time key that no other caller gets; null when there is none (or, after many lost races, none to be had now).</summary>
    internal async Task<OneTimeKey?> TakeAsync(string partition, OneTimeKeyKind kind, CancellationToken cancellationToken)
    {
        for (int round = 0; round < MaxTakeRounds; round++)
        {
            List<TableRow> page = await ReadAsync(TableRange.StartingWith(partition, Prefix(kind), TakePage), cancellationToken);
            if (page.Count == 0)
            {
                return null;
            }

            // Takers that come at different moments start at different rows, so that they rarely race for the same one.
            int first = (int)(time.GetUtcNow().Ticks % page.Count);
            for (int i = 0; i < page.Count; i++)
            {
                TableRow row = page[(first + i) % page.Count];
                if ((await CommitAsync(partition, [TableWrite.Delete(row.RowKey, row.ETag)], cancellationToken)).IsSaved)
                {
                    byte[] signature = row.Get<byte[]>(SignatureColumn, []);
                    return new OneTimeKey(kind, (uint)row.Get<int>(IdColumn), row.Get<byte[]>(KeyColumn), signature.Length == 0 ? null : signature);
                }
            }
        }

        return null;
    }

    private static string Prefix(OneTimeKeyKind kind) => kind == OneTimeKeyKind.Kyber1024 ? "Q:" : "P:";

    private static string StockRow(OneTimeKey key) => Prefix(key.Kind) + key.Id.ToString("x8", CultureInfo.InvariantCulture);

    private static string UploadedRow(OneTimeKey key) => UploadedPrefix + Convert.ToHexStringLower(SHA256.HashData(key.PublicKey).AsSpan(0, 16));

    private static Dictionary<string, object> Columns(OneTimeKey key)
    {
        Dictionary<string, object> columns = new() { [IdColumn] = (int)key.Id, [KeyColumn] = key.PublicKey };
        if (key.Signature is { } signature)
        {
            columns[SignatureColumn] = signature;
        }

        return columns;
    }

    private async Task AddChunkAsync(string partition, OneTimeKey[] chunk, CancellationToken cancellationToken)
    {
        List<OneTimeKey> fresh = [.. chunk];
        for (int race = 0; race < MaxUploadRaces && fresh.Count > 0; race++)
        {
            List<TableWrite> writes = [];
            foreach (OneTimeKey key in fresh)
            {
                writes.Add(TableWrite.Insert(UploadedRow(key), s_noColumns));
                writes.Add(TableWrite.Upsert(StockRow(key), Columns(key)));
            }

            if ((await CommitAsync(partition, writes, cancellationToken)).IsSaved)
            {
                return;
            }

            await RemoveUploadedAsync(partition, fresh, cancellationToken);
        }
    }

    private async Task RemoveUploadedAsync(string partition, List<OneTimeKey> keys, CancellationToken cancellationToken)
    {
        foreach (OneTimeKey key in keys.ToArray())
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

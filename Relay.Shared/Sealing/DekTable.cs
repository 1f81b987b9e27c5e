using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Telemetry;

namespace Relay.Shared.Sealing;

/// <summary>
/// Table <c>dek</c>: the only wrapped copy of every data key. PartitionKey is the tenant; RowKey is the day (yyyyMMdd) or, for a
/// long-lived key, its name (a letter first). A row is inserted once, only ever wrapped anew, and only believed with its signature.
/// </summary>
internal sealed class DekTable(ITableStore tables, IKeyWrapper wrapper, TimeProvider time)
{
    private const string KeyColumn = "key";
    private const string KekColumn = "kek";
    private const string SignatureColumn = "sig";
    private const string SignatureKeyColumn = "sigkey";
    private const string MadeColumn = "made";

    /// <summary>Names begin with a letter, days with a digit.</summary>
    private const string FirstName = "A";
    private const string AfterNames = "{";

    private const int NotFound = 404;

    /// <summary>Stands before all keys, so that no range of them holds it.</summary>
    private const string ClosedRow = "!closed";
    private const string FirstKey = "0";

    /// <summary>The key in that row, or null: never made, or destroyed.</summary>
    /// <exception cref="SealBrokenException">The row isn't what this deployment signed.</exception>
    internal async Task<SecretBytes?> LoadAsync(string tenant, string name, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Dek, tenant, name, cancellationToken) is { } row ? await OpenAsync(tenant, row, cancellationToken) : null;

    /// <summary>Makes a key unless another caller was first; either way the one to use is what is read back afterwards.</summary>
    /// <exception cref="SealBrokenException">The tenant is closed.</exception>
    internal async Task CreateAsync(string tenant, string name, CancellationToken cancellationToken)
    {
        if (await IsClosedAsync(tenant, cancellationToken))
        {
            throw new SealBrokenException("The tenant is closed: it gets no keys any more.");
        }

        using SecretBytes key = SecretBytes.Random(SealedBlob.KeySize);
        Dictionary<string, object> columns = await WrapAsync(tenant, name, key, time.GetUtcNow(), cancellationToken);
        await tables.CommitAsync(TableNames.Dek, tenant, [TableWrite.Insert(name, columns)], cancellationToken);
    }

    /// <summary>
    /// Wraps every long-lived key under this month's key-encryption key; says how many that were not. A row that nobody can use is passed over: one that
    /// isn't ours, or an old copy whose key-encryption key went with its month.
    /// </summary>
    internal async Task<int> RewrapAsync(string tenant, CancellationToken cancellationToken)
    {
        int wrapped = 0;
        KekName now = KekName.Of(tenant, UtcDay.Today(time));
        await foreach (TableRow row in tables.QueryAsync(TableNames.Dek, new TableRange(tenant, FirstName, AfterNames, int.MaxValue), cancellationToken))
        {
            if (KekOf(row) != now)
            {
                wrapped += await TryRewrapAsync(tenant, row, cancellationToken) ? 1 : 0;
            }
        }

        return wrapped;
    }

    /// <summary>Closes a tenant, which from then on gets no keys, and destroys those it has, at most <paramref name="limit"/> of them; says how many.</summary>
    internal async Task<int> DestroyAllAsync(string tenant, int limit, CancellationToken cancellationToken)
    {
        await tables.CommitAsync(
            TableNames.Dek, tenant, [TableWrite.Upsert(ClosedRow, new Dictionary<string, object> { [MadeColumn] = time.GetUtcNow() })], cancellationToken);
        return await tables.DeleteAsync(TableNames.Dek, new TableRange(tenant, FirstKey, null, limit), cancellationToken);
    }

    /// <summary>Destroys the keys of all days before <paramref name="firstLive"/>, at most <paramref name="limit"/> of them, once <paramref name="note"/> has taken them down.</summary>
    internal async Task<int> DestroyDaysBeforeAsync(
        string tenant, UtcDay firstLive, int limit, Func<IReadOnlyList<StoredKey>, CancellationToken, Task> note, CancellationToken cancellationToken)
    {
        List<StoredKey> dead = [];
        await foreach (TableRow row in tables.QueryAsync(TableNames.Dek, new TableRange(tenant, "0", firstLive.Key, limit), cancellationToken))
        {
            dead.Add(ToStored(row));
        }

        if (dead.Count > 0)
        {
            await note(dead, cancellationToken);
        }

        foreach (StoredKey key in dead)
        {
            await DeleteAsync(tenant, key.Name, cancellationToken);
        }

        return dead.Count;
    }

    internal async Task<StoredKey?> FindStoredAsync(string tenant, string name, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Dek, tenant, name, cancellationToken) is { } row ? ToStored(row) : null;

    /// <summary>The first row from <paramref name="from"/> on and before <paramref name="before"/>.</summary>
    internal async Task<StoredKey?> FindFirstAsync(string tenant, string from, string before, CancellationToken cancellationToken)
    {
        await foreach (TableRow row in tables.QueryAsync(TableNames.Dek, new TableRange(tenant, from, before, 1), cancellationToken))
        {
            return ToStored(row);
        }

        return null;
    }

    /// <summary>Whether the tenant gets no keys any more.</summary>
    internal async Task<bool> IsClosedAsync(string tenant, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Dek, tenant, ClosedRow, cancellationToken) is not null;

    internal Task DeleteAsync(string tenant, string name, CancellationToken cancellationToken) =>
        tables.CommitAsync(TableNames.Dek, tenant, [TableWrite.Delete(name, null)], cancellationToken);

    /// <exception cref="SealBrokenException">The row isn't what this deployment signed, or doesn't open.</exception>
    private async Task<SecretBytes> OpenAsync(string tenant, TableRow row, CancellationToken cancellationToken) =>
        await IsOursAsync(tenant, row, cancellationToken)
            ? await UnwrapAsync(row, cancellationToken) ?? throw new SealBrokenException("A key of table dek doesn't unwrap.")
            : throw new SealBrokenException("A row of table dek has no valid signature.");

    private async Task<SecretBytes?> UnwrapAsync(TableRow row, CancellationToken cancellationToken)
    {
        UnwrapOutcome outcome = UnwrapOutcome.VaultAway;
        try
        {
            SecretBytes? key = await wrapper.UnwrapAsync(WrappedOf(row), cancellationToken);
            outcome = key is null ? UnwrapOutcome.Refused : UnwrapOutcome.Opened;
            return key;
        }
        finally
        {
            RelayMetrics.KeyUnwraps.Add(outcome);
        }
    }

    private Task<bool> IsOursAsync(string tenant, TableRow row, CancellationToken cancellationToken)
    {
        KeySignature signature = new(row.Get(SignatureKeyColumn, string.Empty), row.Get(SignatureColumn, Array.Empty<byte>()));
        return wrapper.VerifyAsync(SignedBytes(tenant, row.RowKey, WrappedOf(row)), signature, cancellationToken);
    }

    private async Task<Dictionary<string, object>> WrapAsync(
        string tenant, string name, SecretBytes key, DateTimeOffset made, CancellationToken cancellationToken)
    {
        // A day's key goes with the month of that day, also when the month ends while it is made.
        UtcDay month = UtcDay.TryParse(name, out UtcDay day) ? day : UtcDay.Today(time);
        WrappedKey wrapped = await WrapAsync(tenant, month, key, cancellationToken);
        KeySignature signature = await wrapper.SignAsync(SignedBytes(tenant, name, wrapped), cancellationToken);
        return new Dictionary<string, object>
        {
            [KeyColumn] = wrapped.Bytes,
            [KekColumn] = wrapped.KekId,
            [SignatureColumn] = signature.Bytes,
            [SignatureKeyColumn] = signature.KeyId,
            [MadeColumn] = made,
        };
    }

    private async Task<WrappedKey> WrapAsync(string tenant, UtcDay month, SecretBytes key, CancellationToken cancellationToken)
    {
        byte[] plain = key.Reveal().ToArray();
        try
        {
            return await wrapper.WrapAsync(tenant, month, plain, cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>False when another run was quicker, or nobody can use the row: it holds up no other.</summary>
    private async Task<bool> TryRewrapAsync(string tenant, TableRow row, CancellationToken cancellationToken)
    {
        using SecretBytes? key = await IsOursAsync(tenant, row, cancellationToken) ? await TryUnwrapAsync(row, cancellationToken) : null;
        if (key is null)
        {
            return false;
        }

        Dictionary<string, object> columns = await WrapAsync(tenant, row.RowKey, key, row.Get(MadeColumn, time.GetUtcNow()), cancellationToken);
        return (await tables.CommitAsync(TableNames.Dek, tenant, [TableWrite.Replace(row.RowKey, row.ETag, columns)], cancellationToken)).IsSaved;
    }

    /// <summary>Null also when the key-encryption key went with its month. Of a month that lives that is a fault: somebody deleted it, and may recover it.</summary>
    private async Task<SecretBytes?> TryUnwrapAsync(TableRow row, CancellationToken cancellationToken)
    {
        try
        {
            return await UnwrapAsync(row, cancellationToken);
        }
        catch (StorageFaultException e) when (e.Status == NotFound && KekOf(row)?.End <= Retention.FirstLiveDay(UtcDay.Today(time)))
        {
            return null;
        }
    }

    /// <summary>What is missing or of another type is empty, and so nothing that we signed.</summary>
    private static WrappedKey WrappedOf(TableRow row) => new(row.Get(KekColumn, string.Empty), row.Get(KeyColumn, Array.Empty<byte>()));

    private static KekName? KekOf(TableRow row) => KekName.TryParse(row.Get(KekColumn, string.Empty), out KekName? kek) ? kek : null;

    /// <summary>Also of a row that isn't ours: it is destroyed like any other.</summary>
    private static StoredKey ToStored(TableRow row) => new(
        row.RowKey,
        row.Get(KekColumn, string.Empty),
        Convert.ToHexStringLower(SHA256.HashData(row.Get<byte[]>(KeyColumn, []))),
        row.Get(MadeColumn, DateTimeOffset.UnixEpoch));

    private static byte[] SignedBytes(string tenant, string name, WrappedKey wrapped)
    {
        ReadOnlySpan<byte[]> parts = [Encoding.UTF8.GetBytes(tenant), Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(wrapped.KekId), wrapped.Bytes];
        using MemoryStream stream = new();
        Span<byte> length = stackalloc byte[4];
        foreach (byte[] part in parts)
        {
            BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
            stream.Write(length);
            stream.Write(part);
        }

        return stream.ToArray();
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

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
    private const int MaxNames = 1_000;

    /// <summary>Stands before all keys, so that no range of them holds it.</summary>
    private const string ClosedRow = "!closed";
    private const string FirstKey = "0";

    /// <summary>The key in that row, or null: never made, or destroyed.</summary>
    /// <exception cref="SealBrokenException">The row isn't what this deployment signed.</exception>
    internal async Task<SecretBytes?> LoadAsync(string tenant, string name, CancellationToken cancellationToken)
    {
        if (await tables.GetAsync(TableNames.Dek, tenant, name, cancellationToken) is not { } row)
        {
            return null;
        }

        return await OpenAsync(tenant, row, cancellationToken);
    }

    /// <summary>Makes a key unless another caller was first; either way the one to use is what is read back afterwards.</summary>
    /// <exception cref="SealBrokenException">The tenant is closed.</exception>
    internal async Task CreateAsync(string tenant, string name, CancellationToken cancellationToken)
    {
        if (await tables.GetAsync(TableNames.Dek, tenant, ClosedRow, cancellationToken) is not null)
        {
            throw new SealBrokenException("The tenant is closed: it gets no keys any more.");
        }

        using SecretBytes key = SecretBytes.Random(SealedBlob.KeySize);
        Dictionary<string, object> columns = await WrapAsync(tenant, name, key, time.GetUtcNow(), cancellationToken);
        await tables.CommitAsync(TableNames.Dek, tenant, [TableWrite.Insert(name, columns)], cancellationToken);
    }

    /// <summary>Wraps every long-lived key under this month's key-encryption key; says how many that were not. A row that isn't ours is passed over.</summary>
    internal async Task<int> RewrapAsync(string tenant, CancellationToken cancellationToken)
    {
        int wrapped = 0;
        KekName now = KekName.Of(tenant, UtcDay.Today(time));
        await foreach (TableRow row in tables.QueryAsync(TableNames.Dek, new TableRange(tenant, FirstName, AfterNames, MaxNames), cancellationToken))
        {
            if (KekName.TryParse(row.Get<string>(KekColumn), out KekName? kek) && kek == now)
            {
                continue;
            }

            wrapped += await TryRewrapAsync(tenant, row, cancellationToken) ? 1 : 0;
        }

        return wrapped;
    }

    /// <summary>Closes a tenant, which from then on gets no keys, and destroys those it has, at most <paramref name="limit"/> of them; says how many.</summary>
    internal async Task<int> DestroyAllAsync(string tenant, int limit, CancellationToken cancellationToken)
    {
        await tables.CommitAsync(
            TableNames.Dek, tenant, [TableWrite.Upsert(ClosedRow, new Dictionary<string, object> { [MadeColumn] = time.GetUtcNow() })], cancellationToken);
        List<TableWrite> deletes = [];
        await foreach (TableRow row in tables.QueryAsync(TableNames.Dek, new TableRange(tenant, FirstKey, null, limit), cancellationToken))
        {
            deletes.Add(TableWrite.Delete(row.RowKey, null));
        }

        await tables.DeleteAsync(TableNames.Dek, tenant, deletes, cancellationToken);
        return deletes.Count;
    }

    /// <summary>Destroys the keys of all days before <paramref name="firstLive"/>, at most <paramref name="limit"/> of them.</summary>
    internal async Task<int> DestroyDaysBeforeAsync(string tenant, UtcDay firstLive, int limit, CancellationToken cancellationToken)
    {
        int destroyed = 0;
        await foreach (TableRow row in tables.QueryAsync(TableNames.Dek, new TableRange(tenant, "0", firstLive.Key, limit), cancellationToken))
        {
            await tables.CommitAsync(TableNames.Dek, tenant, [TableWrite.Delete(row.RowKey, null)], cancellationToken);
            destroyed++;
        }

        return destroyed;
    }

    internal Task DeleteAsync(string tenant, string name, CancellationToken cancellationToken) =>
        tables.CommitAsync(TableNames.Dek, tenant, [TableWrite.Delete(name, null)], cancellationToken);

    /// <exception cref="SealBrokenException">The row isn't what this deployment signed.</exception>
    private async Task<SecretBytes?> OpenAsync(string tenant, TableRow row, CancellationToken cancellationToken)
    {
        WrappedKey wrapped = new(row.Get<string>(KekColumn), row.Get<byte[]>(KeyColumn));
        KeySignature signature = new(row.Get(SignatureKeyColumn, string.Empty), row.Get<byte[]>(SignatureColumn));
        if (!await wrapper.VerifyAsync(SignedBytes(tenant, row.RowKey, wrapped), signature, cancellationToken))
        {
            throw new SealBrokenException("A row of table dek has no valid signature.");
        }

        return await wrapper.UnwrapAsync(wrapped, cancellationToken);
    }

    private async Task<Dictionary<string, object>> WrapAsync(
        string tenant, string name, SecretBytes key, DateTimeOffset made, CancellationToken cancellationToken)
    {
        byte[] plain = key.Reveal().ToArray();
        WrappedKey wrapped = await wrapper.WrapAsync(tenant, UtcDay.Today(time), plain, cancellationToken);
        CryptographicOperations.ZeroMemory(plain);
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

    /// <summary>False when another run was quicker, or the row isn't ours: then nobody can use it, and it holds up no other.</summary>
    private async Task<bool> TryRewrapAsync(string tenant, TableRow row, CancellationToken cancellationToken)
    {
        try
        {
            using SecretBytes? key = await OpenAsync(tenant, row, cancellationToken);
            if (key is null)
            {
                return false;
            }

            Dictionary<string, object> columns = await WrapAsync(tenant, row.RowKey, key, row.Get(MadeColumn, time.GetUtcNow()), cancellationToken);
            return (await tables.CommitAsync(TableNames.Dek, tenant, [TableWrite.Replace(row.RowKey, row.ETag, columns)], cancellationToken)).IsSaved;
        }
        catch (SealBrokenException)
        {
            return false;
        }
    }

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

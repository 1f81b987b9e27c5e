using System.Buffers.Binary;
using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Sealing;

/// <summary>
/// Table <c>dek</c>: the only wrapped copy of every data key. PartitionKey is the tenant; RowKey is the day (yyyyMMdd) or, for a
/// long-lived key, its name (a letter first). A row is inserted once, never changed, and only believed with its signature.
/// </summary>
internal sealed class DekTable(ITableStore tables, IKeyWrapper wrapper, TimeProvider time)
{
    private const string KeyColumn = "key";
    private const string KekColumn = "kek";
    private const string SignatureColumn = "sig";
    private const string MadeColumn = "made";

    /// <summary>The key in that row, or null: never made, or destroyed.</summary>
    /// <exception cref="SealBrokenException">The row isn't what this deployment signed.</exception>
    internal async Task<SecretBytes?> LoadAsync(string tenant, string name, CancellationToken cancellationToken)
    {
        if (await tables.GetAsync(TableNames.Dek, tenant, name, cancellationToken) is not { } row)
        {
            return null;
        }

        WrappedKey wrapped = new(row.Get<string>(KekColumn), row.Get<byte[]>(KeyColumn));
        if (!await wrapper.VerifyAsync(SignedBytes(tenant, name, wrapped), row.Get<byte[]>(SignatureColumn), cancellationToken))
        {
            throw new SealBrokenException("A row of table dek has no valid signature.");
        }

        return await wrapper.UnwrapAsync(wrapped, cancellationToken);
    }

    /// <summary>Makes a key unless another caller was first; either way the one to use is what is read back afterwards.</summary>
    internal async Task CreateAsync(string tenant, string name, CancellationToken cancellationToken)
    {
        using SecretBytes key = SecretBytes.Random(SealedBlob.KeySize);
        WrappedKey wrapped = await wrapper.WrapAsync(tenant, UtcDay.Today(time), key.Reveal().ToArray(), cancellationToken);
        byte[] signature = await wrapper.SignAsync(SignedBytes(tenant, name, wrapped), cancellationToken);
        Dictionary<string, object> columns = new()
        {
            [KeyColumn] = wrapped.Bytes,
            [KekColumn] = wrapped.KekId,
            [SignatureColumn] = signature,
            [MadeColumn] = time.GetUtcNow(),
        };
        await tables.CommitAsync(TableNames.Dek, tenant, [TableWrite.Insert(name, columns)], cancellationToken);
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

using System.Buffers.Binary;
using System.Text;

namespace Relay.Shared.Sealing;

/// <summary>
/// Where a sealed blob lies. It is part of the blob's key derivation and authenticated data: a blob moved to another tenant,
/// row, column, generation or chunk doesn't open.
/// </summary>
/// <param name="Table">The table or queue.</param>
/// <param name="PartitionKey">The partition, or the queue message's routing fields.</param>
/// <param name="RowKey">The row, or the queue message's id.</param>
/// <param name="Column">The column, or the queue message's part.</param>
/// <param name="Generation">Counts the writes of a row that is written more than once; 0 otherwise.</param>
/// <param name="Chunk">The index of this chunk, from 0.</param>
/// <param name="Chunks">How many chunks there are, at least 1.</param>
public readonly record struct SealedPlace(
    string Table, string PartitionKey, string RowKey, string Column, long Generation = 0, int Chunk = 0, int Chunks = 1)
{
    private const int PrefixSize = 4;
    private const int NumbersSize = 8 + 4 + 4;

    /// <summary>Length-prefixed encoding of region, tenant and this place: each text as 4-byte big-endian length and UTF-8.</summary>
    internal byte[] Encode(string region, string tenant)
    {
        byte[] encoded = new byte[MaxLength(region, tenant)];
        return encoded[..Encode(region, tenant, encoded)];
    }

    /// <summary>No encoding is longer.</summary>
    internal int MaxLength(string region, string tenant) =>
        NumbersSize + (6 * PrefixSize) + Encoding.UTF8.GetMaxByteCount(region.Length + tenant.Length + Table.Length + PartitionKey.Length + RowKey.Length + Column.Length);

    /// <summary>The same into <paramref name="encoded"/>; says how long it is.</summary>
    internal int Encode(string region, string tenant, Span<byte> encoded)
    {
        Span<byte> rest = Append(Append(Append(encoded, region), tenant), Table);
        rest = Append(Append(Append(rest, PartitionKey), RowKey), Column);
        BinaryPrimitives.WriteInt64BigEndian(rest, Generation);
        BinaryPrimitives.WriteInt32BigEndian(rest[8..], Chunk);
        BinaryPrimitives.WriteInt32BigEndian(rest[12..], Chunks);
        return encoded.Length - rest.Length + NumbersSize;
    }

    private static Span<byte> Append(Span<byte> rest, string text)
    {
        int written = Encoding.UTF8.GetBytes(text, rest[PrefixSize..]);
        BinaryPrimitives.WriteInt32BigEndian(rest, written);
        return rest[(PrefixSize + written)..];
    }
}

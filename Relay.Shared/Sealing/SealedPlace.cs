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
    /// <summary>Length-prefixed encoding of region, tenant and this place: each text as 4-byte big-endian length and UTF-8.</summary>
    internal byte[] Encode(string region, string tenant)
    {
        ReadOnlySpan<string> texts = [region, tenant, Table, PartitionKey, RowKey, Column];
        int length = 8 + 4 + 4;
        foreach (string text in texts)
        {
            length += 4 + Encoding.UTF8.GetByteCount(text);
        }

        byte[] encoded = new byte[length];
        Span<byte> rest = encoded;
        foreach (string text in texts)
        {
            int written = Encoding.UTF8.GetBytes(text, rest[4..]);
            BinaryPrimitives.WriteInt32BigEndian(rest, written);
            rest = rest[(4 + written)..];
        }

        BinaryPrimitives.WriteInt64BigEndian(rest, Generation);
        BinaryPrimitives.WriteInt32BigEndian(rest[8..], Chunk);
        BinaryPrimitives.WriteInt32BigEndian(rest[12..], Chunks);
        return encoded;
    }
}

// spec/signal.md §4.1, "Wire" (field 5 of a SignalMessage of version 4):
//   message = 01, varint epoch (>= 1), varint index, type (0 to 6), [varint chunk index (<= 65535), 32-byte chunk]
//   varint  = 7 bits a byte, lowest first, shortest form; epoch up to 64 bits, index up to 32
// A chunk follows every type but 0 and 4. Bytes after the end are ignored, as all peers do; what comes before is written back
// to the same bytes. The MAC of the SignalMessage covers it all.

namespace Relay.Shared.Signal.Spqr;

/// <summary>A message of the post-quantum ratchet, parsed but not yet authenticated. Refers to the bytes it was parsed from.</summary>
internal readonly ref struct SpqrMessage
{
    /// <summary>Version, two varints, type, varint and chunk at their longest.</summary>
    internal const int MaxBytes = 1 + 10 + 5 + 1 + 3 + ErasureCode.ChunkBytes;

    private const byte Version = 1;

    internal ulong Epoch { get; init; }

    internal uint Index { get; init; }

    internal SpqrMessageType Type { get; init; }

    internal ushort ChunkIndex { get; init; }

    /// <summary>32 bytes, or none.</summary>
    internal ReadOnlySpan<byte> Chunk { get; init; }

    internal static bool HasChunk(SpqrMessageType type) => type is not (SpqrMessageType.None or SpqrMessageType.Ack);

    internal static bool TryParse(ReadOnlySpan<byte> bytes, out SpqrMessage message)
    {
        message = default;
        if (bytes.IsEmpty || bytes[0] != Version)
        {
            return false;
        }

        bytes = bytes[1..];
        if (!TryVarint(ref bytes, ulong.MaxValue, out ulong epoch) || epoch == 0
            || !TryVarint(ref bytes, uint.MaxValue, out ulong index)
            || bytes.IsEmpty || bytes[0] > (byte)SpqrMessageType.SecondCiphertext)
        {
            return false;
        }

        var type = (SpqrMessageType)bytes[0];
        bytes = bytes[1..];
        if (!HasChunk(type))
        {
            message = new SpqrMessage { Epoch = epoch, Index = (uint)index, Type = type };
            return true;
        }

        if (!TryVarint(ref bytes, ushort.MaxValue, out ulong chunkIndex) || bytes.Length < ErasureCode.ChunkBytes)
        {
            return false;
        }

        message = new SpqrMessage
        {
            Epoch = epoch,
            Index = (uint)index,
            Type = type,
            ChunkIndex = (ushort)chunkIndex,
            Chunk = bytes[..ErasureCode.ChunkBytes],
        };
        return true;
    }

    internal byte[] ToBytes()
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        bytes[0] = Version;
        int length = 1;
        length += WriteVarint(Epoch, bytes[length..]);
        length += WriteVarint(Index, bytes[length..]);
        bytes[length] = (byte)Type;
        length++;
        if (HasChunk(Type))
        {
            length += WriteVarint(ChunkIndex, bytes[length..]);
            Chunk.CopyTo(bytes[length..]);
            length += ErasureCode.ChunkBytes;
        }

        return bytes[..length].ToArray();
    }

    private static int WriteVarint(ulong value, Span<byte> destination)
    {
        int length = 0;
        for (; value > 0x7F; value >>= 7)
        {
            destination[length] = (byte)((value & 0x7F) | 0x80);
            length++;
        }

        destination[length] = (byte)value;
        return length + 1;
    }

    private static bool TryVarint(ref ReadOnlySpan<byte> bytes, ulong max, out ulong value)
    {
        value = 0;
        for (int i = 0; i < bytes.Length && i < 10; i++)
        {
            ulong bits = bytes[i] & 0x7Ful;
            if (i == 9 && bits > 1)
            {
                return false;
            }

            value |= bits << (7 * i);
            if (bytes[i] < 0x80)
            {
                // Shortest form: only the value zero may end in a zero group.
                bool good = (bytes[i] != 0 || i == 0) && value <= max;
                bytes = bytes[(i + 1)..];
                return good;
            }
        }

        return false;
    }
}

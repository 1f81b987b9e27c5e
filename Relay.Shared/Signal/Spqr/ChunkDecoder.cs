// spec/signal.md §4.1: any n different chunks decode. The last one needed is never kept: it ends the decoder.

using System.Runtime.Intrinsics;

namespace Relay.Shared.Signal.Spqr;

/// <summary>The pieces of one public text that came so far, by ascending index. Immutable, so copies share it.</summary>
internal sealed class ChunkDecoder
{
    private readonly ushort[] _indexes;
    private readonly byte[] _chunks;

    internal ChunkDecoder(int needed)
        : this(needed, [], [])
    {
    }

    /// <summary>From a stored state; takes ownership. Indexes ascend, and at least one chunk is missing.</summary>
    internal ChunkDecoder(int needed, ushort[] indexes, byte[] chunks)
    {
        Needed = needed;
        _indexes = indexes;
        _chunks = chunks;
    }

    internal int Needed { get; }

    internal ReadOnlySpan<ushort> Indexes => _indexes;

    /// <summary>32 bytes for each of <see cref="Indexes"/>.</summary>
    internal ReadOnlySpan<byte> Chunks => _chunks;

    /// <summary>True when the text is known with this chunk: <see cref="Complete"/> gives it.</summary>
    internal bool IsCompletedBy(ushort index) => _indexes.Length + 1 == Needed && Array.BinarySearch(_indexes, index) < 0;

    /// <summary>With one chunk more; the same decoder when the index is known already.</summary>
    internal ChunkDecoder With(ushort index, ReadOnlySpan<byte> chunk)
    {
        int found = Array.BinarySearch(_indexes, index);
        return found >= 0 ? this : Insert(~found, index, chunk);
    }

    internal byte[] Complete(ushort index, ReadOnlySpan<byte> chunk)
    {
        ChunkDecoder all = With(index, chunk);
        return all._indexes[^1] == Needed - 1 ? all._chunks : all.Interpolate();
    }

    private ChunkDecoder Insert(int at, ushort index, ReadOnlySpan<byte> chunk)
    {
        ushort[] indexes = new ushort[_indexes.Length + 1];
        byte[] chunks = new byte[_chunks.Length + ErasureCode.ChunkBytes];
        Indexes[..at].CopyTo(indexes);
        Indexes[at..].CopyTo(indexes.AsSpan(at + 1));
        indexes[at] = index;

        int offset = at * ErasureCode.ChunkBytes;
        Chunks[..offset].CopyTo(chunks);
        chunk.CopyTo(chunks.AsSpan(offset, ErasureCode.ChunkBytes));
        Chunks[offset..].CopyTo(chunks.AsSpan(offset + ErasureCode.ChunkBytes));
        return new ChunkDecoder(Needed, indexes, chunks);
    }

    private byte[] Interpolate()
    {
        byte[] text = new byte[Needed * ErasureCode.ChunkBytes];
        Span<ushort> weights = stackalloc ushort[ErasureCode.MaxChunks];
        Span<Vector256<ushort>> chunks = stackalloc Vector256<ushort>[ErasureCode.MaxChunks];
        chunks = chunks[..Needed];
        ErasureCode.WriteWeights(_indexes, weights);
        ErasureCode.Read(_chunks, chunks);
        for (int i = 0; i < Needed; i++)
        {
            Span<byte> place = text.AsSpan(i * ErasureCode.ChunkBytes, ErasureCode.ChunkBytes);
            int found = Array.BinarySearch(_indexes, (ushort)i);
            if (found >= 0)
            {
                _chunks.AsSpan(found * ErasureCode.ChunkBytes, ErasureCode.ChunkBytes).CopyTo(place);
            }
            else
            {
                ErasureCode.Interpolate(_indexes, weights, chunks, (ushort)i, place);
            }
        }

        return text;
    }
}

// spec/signal.md §4.1: the index counts up for every message sent, modulo 65,536.

using System.Runtime.Intrinsics;

namespace Relay.Shared.Signal.Spqr;

/// <summary>Gives out one public text in pieces, without end. The text is never changed, so copies share it.</summary>
internal sealed class ChunkEncoder(byte[] text, ushort nextIndex)
{
    private static readonly ushort[] Points = [.. Enumerable.Range(0, ErasureCode.MaxChunks).Select(i => (ushort)i)];

    // By number of chunks, once calculated. Two threads may both calculate: they get the same.
    private static readonly ushort[]?[] WeightsOf = new ushort[]?[ErasureCode.MaxChunks + 1];

    internal ReadOnlySpan<byte> Text => text;

    internal ushort NextIndex { get; private set; } = nextIndex;

    private int Count => text.Length / ErasureCode.ChunkBytes;

    /// <summary>Writes the next chunk and returns its index.</summary>
    internal ushort Next(Span<byte> chunk)
    {
        ushort index = NextIndex;
        NextIndex = unchecked((ushort)(index + 1));
        if (index < Count)
        {
            text.AsSpan(index * ErasureCode.ChunkBytes, ErasureCode.ChunkBytes).CopyTo(chunk);
            return index;
        }

        Span<Vector256<ushort>> chunks = stackalloc Vector256<ushort>[ErasureCode.MaxChunks];
        chunks = chunks[..Count];
        ErasureCode.Read(text, chunks);
        ErasureCode.Interpolate(Points.AsSpan(0, Count), Weights(Count), chunks, index, chunk);
        return index;
    }

    internal ChunkEncoder Clone() => new(text, NextIndex);

    private static ushort[] Weights(int count)
    {
        if (WeightsOf[count] is { } known)
        {
            return known;
        }

        ushort[] weights = new ushort[count];
        ErasureCode.WriteWeights(Points.AsSpan(0, count), weights);
        WeightsOf[count] = weights;
        return weights;
    }
}

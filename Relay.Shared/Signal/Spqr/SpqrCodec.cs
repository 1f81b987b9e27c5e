// The stored form of a state, our own. Integers are little endian.
//   state   = format (1 byte, 1), flags (1 byte: 1 initiator, 2 nothing sent in this epoch yet), braid state (1 byte, 0 to 10),
//             epoch (8, from 1), authenticator (64), secret, kept, encoder, decoder, chain root (32), 1 to 3 * chains
//   encoder = next index (2), text             decoder = count (1), count * (index (2), chunk (32))
//   chains  = [our key (32), our counter (4)], their key (32), their counter (4), skipped (2), skipped * (index (4), key (32))
// The lengths of secret, kept, text and decoder are those of BraidLayout; encoder and decoder are there when it has them.
// Which epochs have chains follows: they end with the epoch when the state has its secret, else with the one before; they begin
// one before the epoch last sent in, which is the one before the epoch, or two before (flag 2). Ours are kept from that one on.
// Refused: other formats, unknown flags, a role that the epoch doesn't give, a full decoder, indexes that don't ascend, skipped
// indexes that are 0 or beyond their counter, more skipped keys than the cap, missing and left-over bytes.

using System.Diagnostics.CodeAnalysis;

namespace Relay.Shared.Signal.Spqr;

/// <summary>Writes and strictly reads the stored form: what parses is written back to the same bytes.</summary>
internal static class SpqrCodec
{
    /// <summary>No state is larger. An ordinary one has at most 2.7 KB, the rest is skipped keys.</summary>
    internal const int MaxBytes = 3_000 + (SignalLimits.MaxSkippedKeys * SkippedBytes);

    private const byte Format = 1;
    private const byte InitiatorFlag = 1;
    private const byte SilentFlag = 2;
    private const int SkippedBytes = sizeof(uint) + SpqrKdf.KeyBytes;
    private const int ChainBytes = SpqrKdf.KeyBytes + sizeof(uint);

    internal static byte[] Write(SpqrState state)
    {
        byte[] bytes = new byte[SizeOf(state)];
        var writer = new RecordWriter(bytes);
        Write(state, ref writer);
        return bytes;
    }

    /// <summary>As a part of something larger: <see cref="SizeOf"/> bytes.</summary>
    internal static void Write(SpqrState state, ref RecordWriter writer)
    {
        Braid braid = state.Braid;
        SpqrChain chain = state.Chain;
        writer.Byte(Format);
        writer.Byte((byte)((state.IsInitiator ? InitiatorFlag : 0) | (chain.SendEpoch == braid.Epoch - 1 ? 0 : SilentFlag)));
        writer.Byte((byte)braid.State);
        writer.UInt32((uint)(braid.Epoch & uint.MaxValue));
        writer.UInt32((uint)(braid.Epoch >> 32));
        writer.Bytes(braid.Authenticator.RootAndMac);
        writer.Bytes(braid.Secret);
        writer.Bytes(braid.Kept);
        if (braid.Encoder is { } encoder)
        {
            writer.UInt16(encoder.NextIndex);
            writer.Bytes(encoder.Text);
        }

        if (braid.Decoder is { } decoder)
        {
            writer.Byte((byte)decoder.Indexes.Length);
            for (int i = 0; i < decoder.Indexes.Length; i++)
            {
                writer.UInt16(decoder.Indexes[i]);
                writer.Bytes(decoder.Chunks.Slice(i * ErasureCode.ChunkBytes, ErasureCode.ChunkBytes));
            }
        }

        writer.Bytes(chain.Root);
        foreach (SpqrEpoch epoch in chain.Epochs)
        {
            WriteChains(ref writer, epoch);
        }
    }

    internal static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SpqrState? state)
    {
        state = null;
        var reader = new RecordReader(bytes);
        byte format = reader.Byte();
        byte flags = reader.Byte();
        byte stateByte = reader.Byte();
        ulong epoch = reader.UInt32() | ((ulong)reader.UInt32() << 32);
        bool isInitiator = (flags & InitiatorFlag) != 0;
        bool isSilent = (flags & SilentFlag) != 0;
        if (reader.Failed || format != Format || flags > (InitiatorFlag | SilentFlag) || !BraidLayout.IsDefined(stateByte)
            || epoch == 0 || epoch > long.MaxValue || (isSilent && epoch == 1))
        {
            return false;
        }

        // The initiator makes the key of odd epochs. What only sending leads to isn't reached in silence.
        var braidState = (BraidState)stateByte;
        bool isKeySide = BraidLayout.IsKeySide(braidState);
        bool canBeSilent = braidState is BraidState.KeysUnsampled or BraidState.NoHeaderReceived or BraidState.HeaderReceived;
        if (isKeySide != ((epoch % 2 == 1) == isInitiator) || (isSilent && !canBeSilent))
        {
            return false;
        }

        Braid? braid = ReadBraid(ref reader, epoch, braidState);
        SpqrChain? chain = braid is null ? null : ReadChain(ref reader, isInitiator, epoch, braidState, isSilent);
        if (braid is not null && chain is not null && reader.IsAtEnd)
        {
            state = new SpqrState(isInitiator, braid, chain);
            return true;
        }

        braid?.Dispose();
        chain?.Dispose();
        return false;
    }

    internal static int SizeOf(SpqrState state)
    {
        Braid braid = state.Braid;
        int size = 11 + SpqrAuthenticator.Bytes + braid.Secret.Length + braid.Kept.Length + SpqrKdf.KeyBytes
            + (braid.Encoder is { } encoder ? sizeof(ushort) + encoder.Text.Length : 0)
            + (braid.Decoder is { } decoder ? 1 + (decoder.Indexes.Length * (sizeof(ushort) + ErasureCode.ChunkBytes)) : 0);
        foreach (SpqrEpoch epoch in state.Chain.Epochs)
        {
            size += (epoch.Sending is null ? 0 : ChainBytes) + ChainBytes + sizeof(ushort) + (epoch.Skipped.Count * SkippedBytes);
        }

        return size;
    }

    private static void WriteChains(ref RecordWriter writer, SpqrEpoch epoch)
    {
        if (epoch.Sending is { } sending)
        {
            writer.Bytes(sending.Key);
            writer.UInt32(sending.Counter);
        }

        writer.Bytes(epoch.Receiving.Key);
        writer.UInt32(epoch.Receiving.Counter);
        writer.UInt16((ushort)epoch.Skipped.Count);
        for (int i = 0; i < epoch.Skipped.Count; i++)
        {
            writer.UInt32(epoch.Skipped.Counters[i]);
            writer.Bytes(epoch.Skipped.Seeds.Slice(i * SpqrKdf.KeyBytes, SpqrKdf.KeyBytes));
        }
    }

    private static Braid? ReadBraid(ref RecordReader reader, ulong epoch, BraidState state)
    {
        BraidLayout layout = BraidLayout.Of(state);
        ReadOnlySpan<byte> authenticator = reader.Bytes(SpqrAuthenticator.Bytes);
        ReadOnlySpan<byte> secret = reader.Bytes(layout.SecretBytes);
        ReadOnlySpan<byte> kept = reader.Bytes(layout.KeptBytes);
        ChunkEncoder? encoder = null;
        if (layout.EncoderChunks > 0)
        {
            ushort nextIndex = reader.UInt16();
            encoder = new ChunkEncoder(reader.Bytes(layout.EncoderChunks * ErasureCode.ChunkBytes).ToArray(), nextIndex);
        }

        ChunkDecoder? decoder = layout.DecoderChunks > 0 ? ReadDecoder(ref reader, layout.DecoderChunks) : null;
        if (reader.Failed || (layout.DecoderChunks > 0 && decoder is null))
        {
            return null;
        }

        var braid = new Braid(epoch, state, new SpqrAuthenticator(authenticator));
        braid.Enter(state, secret.ToArray(), kept.ToArray(), encoder, decoder);
        return braid;
    }

    private static ChunkDecoder? ReadDecoder(ref RecordReader reader, int needed)
    {
        int count = reader.Byte();
        if (count >= needed)
        {
            return null;
        }

        ushort[] indexes = new ushort[count];
        byte[] chunks = new byte[count * ErasureCode.ChunkBytes];
        int last = -1;
        for (int i = 0; i < count; i++)
        {
            indexes[i] = reader.UInt16();
            reader.Bytes(ErasureCode.ChunkBytes).CopyTo(chunks.AsSpan(i * ErasureCode.ChunkBytes));
            if (reader.Failed || indexes[i] <= last)
            {
                return null;
            }

            last = indexes[i];
        }

        return new ChunkDecoder(needed, indexes, chunks);
    }

    private static SpqrChain? ReadChain(ref RecordReader reader, bool isInitiator, ulong epoch, BraidState state, bool isSilent)
    {
        ulong current = BraidLayout.HasSecret(state) ? epoch : epoch - 1;
        ulong sendEpoch = epoch - (isSilent ? 2u : 1u);
        ulong oldest = sendEpoch == 0 ? 0 : sendEpoch - 1;
        ReadOnlySpan<byte> root = reader.Bytes(SpqrKdf.KeyBytes);
        var epochs = new List<SpqrEpoch>(SpqrChain.MaxEpochs);
        int skipped = 0;
        for (ulong number = oldest; number <= current && !reader.Failed; number++)
        {
            if (ReadChains(ref reader, number >= sendEpoch, ref skipped) is { } read)
            {
                epochs.Add(read);
            }
        }

        if (!reader.Failed && epochs.Count == (int)(current - oldest) + 1 && skipped <= SignalLimits.MaxSkippedKeys)
        {
            return new SpqrChain(isInitiator, root, current, sendEpoch, epochs);
        }

        foreach (SpqrEpoch read in epochs)
        {
            read.Dispose();
        }

        return null;
    }

    private static SpqrEpoch? ReadChains(ref RecordReader reader, bool hasSending, ref int skippedTotal)
    {
        SpqrChainKey? sending = hasSending ? new SpqrChainKey(reader.Secret(), reader.UInt32()) : null;
        var receiving = new SpqrChainKey(reader.Secret(), reader.UInt32());
        var epoch = new SpqrEpoch(sending, receiving, new SkippedKeys());
        int count = reader.UInt16();
        skippedTotal += count;
        uint last = 0;
        for (int i = 0; i < count; i++)
        {
            uint index = reader.UInt32();
            ReadOnlySpan<byte> key = reader.Secret();
            if (reader.Failed || index <= last || index > receiving.Counter || skippedTotal > SignalLimits.MaxSkippedKeys)
            {
                epoch.Dispose();
                return null;
            }

            key.CopyTo(epoch.Skipped.Add(index));
            last = index;
        }

        return epoch;
    }
}

// The side that encapsulates to the key of an epoch: see Braid.cs.

using System.Security.Cryptography;
using Relay.Shared.Signal.Kem;

namespace Relay.Shared.Signal.Spqr;

internal sealed partial class Braid
{
    private SpqrOutcome ReceiveHeader(in SpqrMessage message)
    {
        if (!Incoming.IsCompletedBy(message.ChunkIndex))
        {
            Enter(State, decoder: Incoming.With(message.ChunkIndex, message.Chunk));
            return SpqrOutcome.Success;
        }

        byte[] text = Incoming.Complete(message.ChunkIndex, message.Chunk);
        ReadOnlySpan<byte> header = text.AsSpan(0, MlKem.HeaderBytes);
        Span<byte> mac = stackalloc byte[SpqrKdf.MacBytes];
        _authenticator.MacHeader(Epoch, header, mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, text.AsSpan(MlKem.HeaderBytes)))
        {
            return SpqrOutcome.BadMac;
        }

        Enter(BraidState.HeaderReceived, kept: header.ToArray());
        return SpqrOutcome.Success;
    }

    private void SampleFirstCiphertext(ReadOnlySpan<byte> m, Span<byte> epochSecret)
    {
        byte[] first = new byte[BraidLayout.FirstBytes];
        Span<byte> shared = stackalloc byte[MlKem.SharedSecretBytes];
        try
        {
            Kem.EncapsulateFirst(_kept, m, first, shared);
            SpqrKdf.EpochSecret(shared, Epoch, epochSecret);
            _authenticator.Update(Epoch, epochSecret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(shared);
        }

        Enter(BraidState.Ct1Sampled, m.ToArray(), _kept, new ChunkEncoder(first, 0), new ChunkDecoder(BraidLayout.VectorChunks));
    }

    // In Ct1Sampled the peer may still lack the first half, which the encoder holds; in Ct1Acknowledged it has it, and the
    // half is kept behind the header for the MAC.
    private SpqrOutcome ReceiveVector(in SpqrMessage message)
    {
        bool isAcknowledged = State == BraidState.Ct1Acknowledged || message.Type == SpqrMessageType.VectorAndAck;
        ReadOnlySpan<byte> header = _kept.AsSpan(0, MlKem.HeaderBytes);
        ReadOnlySpan<byte> first = _encoder is { } encoder ? encoder.Text : _kept.AsSpan(MlKem.HeaderBytes);
        if (!Incoming.IsCompletedBy(message.ChunkIndex))
        {
            ChunkDecoder decoder = Incoming.With(message.ChunkIndex, message.Chunk);
            if (isAcknowledged)
            {
                Enter(BraidState.Ct1Acknowledged, _secret, State == BraidState.Ct1Acknowledged ? _kept : [.. header, .. first], decoder: decoder);
            }
            else
            {
                Enter(State, _secret, _kept, _encoder, decoder);
            }

            return SpqrOutcome.Success;
        }

        byte[] text = new byte[BraidLayout.SecondBytes + SpqrKdf.MacBytes];
        Span<byte> second = text.AsSpan(0, BraidLayout.SecondBytes);
        byte[] vector = Incoming.Complete(message.ChunkIndex, message.Chunk);

        // The authenticated header has the key's hash: a vector that isn't the peer's is refused here.
        if (!Kem.TryEncapsulateSecond(header, vector, _secret, second))
        {
            return SpqrOutcome.BadMac;
        }

        _authenticator.MacCiphertext(Epoch, first, second, text.AsSpan(BraidLayout.SecondBytes));
        if (isAcknowledged)
        {
            Enter(BraidState.Ct2Sampled, encoder: new ChunkEncoder(text, 0));
        }
        else
        {
            Enter(BraidState.EkReceivedCt1Sampled, kept: text, encoder: _encoder);
        }

        return SpqrOutcome.Success;
    }
}

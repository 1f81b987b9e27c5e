// The side that makes the key of an epoch: see Braid.cs.

using System.Security.Cryptography;
using Relay.Shared.Signal.Kem;

namespace Relay.Shared.Signal.Spqr;

internal sealed partial class Braid
{
    private void SampleKeys(ReadOnlySpan<byte> seed)
    {
        Span<byte> key = stackalloc byte[Kem.EncapsulationKeyBytes];
        byte[] text = new byte[BraidLayout.HeaderChunks * ErasureCode.ChunkBytes];
        Span<byte> header = text.AsSpan(0, MlKem.HeaderBytes);
        Kem.WriteEncapsulationKey(seed, key);
        Kem.WriteHeader(key, header);
        _authenticator.MacHeader(Epoch, header, text.AsSpan(MlKem.HeaderBytes));
        Enter(BraidState.KeysSampled, seed.ToArray(), encoder: new ChunkEncoder(text, 0));
    }

    // The peer has the header. The key is made from the seed again: cheaper than to keep it in the record until now.
    private void StartVector(in SpqrMessage message)
    {
        Span<byte> key = stackalloc byte[Kem.EncapsulationKeyBytes];
        Kem.WriteEncapsulationKey(_secret, key);
        Enter(
            BraidState.HeaderSent,
            _secret,
            encoder: new ChunkEncoder(key[..BraidLayout.VectorBytes].ToArray(), 0),
            decoder: new ChunkDecoder(BraidLayout.FirstChunks).With(message.ChunkIndex, message.Chunk));
    }

    private void ReceiveFirstCiphertext(in SpqrMessage message)
    {
        if (!Incoming.IsCompletedBy(message.ChunkIndex))
        {
            Enter(State, _secret, encoder: _encoder, decoder: Incoming.With(message.ChunkIndex, message.Chunk));
            return;
        }

        Enter(BraidState.Ct1Received, _secret, Incoming.Complete(message.ChunkIndex, message.Chunk), _encoder);
    }

    // The peer has the whole key.
    private void StartSecondCiphertext(in SpqrMessage message) => Enter(
        BraidState.EkSentCt1Received,
        _secret,
        _kept,
        decoder: new ChunkDecoder(BraidLayout.SecondChunks).With(message.ChunkIndex, message.Chunk));

    private SpqrOutcome ReceiveSecondCiphertext(in SpqrMessage message, Span<byte> epochSecret, out bool hasSecret)
    {
        hasSecret = false;
        if (!Incoming.IsCompletedBy(message.ChunkIndex))
        {
            Enter(State, _secret, _kept, decoder: Incoming.With(message.ChunkIndex, message.Chunk));
            return SpqrOutcome.Success;
        }

        byte[] text = Incoming.Complete(message.ChunkIndex, message.Chunk);
        ReadOnlySpan<byte> second = text.AsSpan(0, BraidLayout.SecondBytes);
        Span<byte> ciphertext = stackalloc byte[Kem.CiphertextBytes];
        Span<byte> shared = stackalloc byte[MlKem.SharedSecretBytes];
        Span<byte> mac = stackalloc byte[SpqrKdf.MacBytes];
        using SpqrAuthenticator next = _authenticator.Clone();
        try
        {
            _kept.CopyTo(ciphertext);
            second.CopyTo(ciphertext[BraidLayout.FirstBytes..]);
            if (!Kem.TryDecapsulate(_secret, ciphertext, shared))
            {
                throw new InvalidOperationException("A ciphertext of the right length was refused.");
            }

            SpqrKdf.EpochSecret(shared, Epoch, epochSecret);
            next.Update(Epoch, epochSecret);
            next.MacCiphertext(Epoch, _kept, second, mac);
            if (!CryptographicOperations.FixedTimeEquals(mac, text.AsSpan(BraidLayout.SecondBytes)))
            {
                return SpqrOutcome.BadMac;
            }

            _authenticator.Update(Epoch, epochSecret);
            Epoch++;
            Enter(BraidState.NoHeaderReceived, decoder: new ChunkDecoder(BraidLayout.HeaderChunks));
            hasSecret = true;
            return SpqrOutcome.Success;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(shared);
        }
    }
}

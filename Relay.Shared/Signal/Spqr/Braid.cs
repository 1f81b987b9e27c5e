// spec/signal.md §4.1, "States": the ML-KEM braid. Two parties agree on a fresh ML-KEM-768 secret an epoch by pieces that ride
// on their messages, and swap roles after each. Ours is
//   key side:         KeysUnsampled -> KeysSampled -> HeaderSent -> Ct1Received -> EkSentCt1Received -> NoHeaderReceived
//   ciphertext side:  NoHeaderReceived -> HeaderReceived -> Ct1Sampled -> EkReceivedCt1Sampled -> Ct2Sampled -> KeysUnsampled
//                                                           Ct1Sampled -> Ct1Acknowledged      -> Ct2Sampled
// and the last step of each begins the next epoch. What a state holds is in BraidLayout.
// A step that fails changes nothing: it checks first and enters a state last. Messages of an older epoch, and types that a
// state doesn't wait for, change nothing either.

using System.Diagnostics;
using System.Security.Cryptography;
using Relay.Shared.Signal.Kem;

namespace Relay.Shared.Signal.Spqr;

/// <summary>One side of the key agreement. Owns its secret and its authenticator.</summary>
[DebuggerDisplay("[redacted]")]
internal sealed partial class Braid : IDisposable
{
    private static readonly MlKem Kem = MlKem.MlKem768;

    private readonly SpqrAuthenticator _authenticator;
    private byte[] _secret = [];
    private byte[] _kept = [];
    private ChunkEncoder? _encoder;
    private ChunkDecoder? _decoder;

    /// <summary>At a state without contents; <see cref="Enter"/> gives another its contents. Takes ownership.</summary>
    internal Braid(ulong epoch, BraidState state, SpqrAuthenticator authenticator)
    {
        Epoch = epoch;
        _authenticator = authenticator;
        Enter(state, decoder: state == BraidState.NoHeaderReceived ? new ChunkDecoder(BraidLayout.HeaderChunks) : null);
    }

    internal ulong Epoch { get; private set; }

    internal BraidState State { get; private set; }

    internal SpqrAuthenticator Authenticator => _authenticator;

    internal ReadOnlySpan<byte> Secret => _secret;

    internal ReadOnlySpan<byte> Kept => _kept;

    internal ChunkEncoder? Encoder => _encoder;

    internal ChunkDecoder? Decoder => _decoder;

    /// <summary>How many random bytes the next <see cref="Advance"/> wants: d || z for a key pair, m for an encapsulation, or none.</summary>
    internal int DrawBytes => State switch
    {
        BraidState.KeysUnsampled => MlKem.SeedBytes,
        BraidState.HeaderReceived => MlKem.MessageBytes,
        _ => 0,
    };

    private ChunkDecoder Incoming => _decoder ?? throw new InvalidOperationException($"{State} has no decoder.");

    internal static Braid Start(bool isInitiator, ReadOnlySpan<byte> pqrKey) =>
        new(1, isInitiator ? BraidState.KeysUnsampled : BraidState.NoHeaderReceived, SpqrAuthenticator.Start(pqrKey));

    /// <summary>Does what is due before a message is sent. True when the epoch's secret was made and written.</summary>
    internal bool Advance(ReadOnlySpan<byte> draw, Span<byte> epochSecret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(draw.Length, DrawBytes, nameof(draw));
        switch (State)
        {
            case BraidState.KeysUnsampled:
                SampleKeys(draw);
                return false;
            case BraidState.HeaderReceived:
                SampleFirstCiphertext(draw, epochSecret);
                return true;
            default:
                return false;
        }
    }

    /// <summary>What goes out in this state. The chunk, 32 bytes, is written where the type has one.</summary>
    internal SpqrMessageType Emit(Span<byte> chunk, out ushort chunkIndex)
    {
        chunkIndex = _encoder?.Next(chunk) ?? 0;
        return BraidLayout.Of(State).Sends;
    }

    /// <summary>Takes a message in. When the epoch's secret came of it, that is written and said.</summary>
    internal SpqrOutcome Receive(scoped in SpqrMessage message, Span<byte> epochSecret, out bool hasSecret)
    {
        hasSecret = false;
        if (message.Epoch > Epoch)
        {
            return ReceiveNextEpoch(message.Epoch);
        }

        if (message.Epoch < Epoch)
        {
            return SpqrOutcome.Success;
        }

        switch (State, message.Type)
        {
            case (BraidState.KeysSampled, SpqrMessageType.FirstCiphertext):
                StartVector(message);
                return SpqrOutcome.Success;
            case (BraidState.HeaderSent, SpqrMessageType.FirstCiphertext):
                ReceiveFirstCiphertext(message);
                return SpqrOutcome.Success;
            case (BraidState.Ct1Received, SpqrMessageType.SecondCiphertext):
                StartSecondCiphertext(message);
                return SpqrOutcome.Success;
            case (BraidState.EkSentCt1Received, SpqrMessageType.SecondCiphertext):
                return ReceiveSecondCiphertext(message, epochSecret, out hasSecret);
            case (BraidState.NoHeaderReceived, SpqrMessageType.Header):
                return ReceiveHeader(message);
            case (BraidState.Ct1Sampled or BraidState.Ct1Acknowledged, SpqrMessageType.Vector or SpqrMessageType.VectorAndAck):
                return ReceiveVector(message);
            case (BraidState.EkReceivedCt1Sampled, SpqrMessageType.VectorAndAck or SpqrMessageType.Ack):
                Enter(BraidState.Ct2Sampled, encoder: new ChunkEncoder(_kept, 0));
                return SpqrOutcome.Success;
            default:
                return SpqrOutcome.Success;
        }
    }

    /// <summary>Enters a state with exactly these contents; a secret that isn't among them is wiped.</summary>
    internal void Enter(BraidState state, byte[]? secret = null, byte[]? kept = null, ChunkEncoder? encoder = null, ChunkDecoder? decoder = null)
    {
        if (secret != _secret)
        {
            CryptographicOperations.ZeroMemory(_secret);
        }

        State = state;
        _secret = secret ?? [];
        _kept = kept ?? [];
        _encoder = encoder;
        _decoder = decoder;
    }

    internal Braid Clone()
    {
        var copy = new Braid(Epoch, State, _authenticator.Clone());
        copy.Enter(State, _secret.AsSpan().ToArray(), _kept, _encoder?.Clone(), _decoder);
        return copy;
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_secret);
        _authenticator.Dispose();
    }

    public override string ToString() => "[redacted]";

    // A newer epoch can only be the next one, and only once we have sent all of this one.
    private SpqrOutcome ReceiveNextEpoch(ulong epoch)
    {
        if (State != BraidState.Ct2Sampled || epoch != Epoch + 1)
        {
            return SpqrOutcome.WrongEpoch;
        }

        Epoch = epoch;
        Enter(BraidState.KeysUnsampled);
        return SpqrOutcome.Success;
    }
}

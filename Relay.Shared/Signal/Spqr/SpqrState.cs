// spec/signal.md §4.1: SPQR v1, the post-quantum ratchet beside the double ratchet: each message carries a piece of the key
// agreement (Braid), and each is keyed with a key of SpqrChain that goes as salt into the message's keys.
// Order of operations. Send: the braid moves, a secret it made opens an epoch, the chain gives a key of epoch - 1. Receive: the
// same. The key of a received message depends on its epoch and index only, so it's checked first that there is one.
// Limits: a message that is refused changes nothing; but only the MAC of the SignalMessage says whether one that is taken in was
// the peer's, so receive on a clone and adopt it after that. Nothing grows with the number of messages or epochs.

using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Relay.Shared.Signal.Spqr;

/// <summary>The post-quantum state of one session. Owns its keys.</summary>
[DebuggerDisplay("[redacted]")]
internal sealed class SpqrState : IDisposable
{
    internal const int MessageKeyBytes = SpqrKdf.KeyBytes;

    internal SpqrState(bool isInitiator, Braid braid, SpqrChain chain)
    {
        IsInitiator = isInitiator;
        Braid = braid;
        Chain = chain;
    }

    /// <summary>The number of the key agreement under way, from 1: how often the session has healed, plus one.</summary>
    internal ulong Epoch => Braid.Epoch;

    internal bool IsInitiator { get; }

    internal Braid Braid { get; }

    internal SpqrChain Chain { get; }

    /// <summary>How many random bytes the next <see cref="Send(ReadOnlySpan{byte}, Span{byte})"/> takes: 64 (d, z), 32 (m) or 0.</summary>
    internal int DrawBytes => Braid.DrawBytes;

    /// <param name="isInitiator">Whether we opened the session.</param>
    /// <param name="pqrKey">32 bytes, the last of what the handshake gave.</param>
    internal static SpqrState Start(bool isInitiator, ReadOnlySpan<byte> pqrKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(pqrKey.Length, SpqrKdf.KeyBytes, nameof(pqrKey));
        return new SpqrState(isInitiator, Braid.Start(isInitiator, pqrKey), SpqrChain.Start(isInitiator, pqrKey));
    }

    /// <summary>The message to send along, and the 32-byte key of the message it goes with.</summary>
    internal byte[] Send(Span<byte> messageKey)
    {
        Span<byte> draw = stackalloc byte[Kem.MlKem.SeedBytes];
        draw = draw[..DrawBytes];
        try
        {
            RandomNumberGenerator.Fill(draw);
            return Send(draw, messageKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(draw);
        }
    }

    /// <summary>With the draw given: used by vectors. It has <see cref="DrawBytes"/> and never serves twice.</summary>
    internal byte[] Send(ReadOnlySpan<byte> draw, Span<byte> messageKey)
    {
        Span<byte> epochSecret = stackalloc byte[SpqrKdf.KeyBytes];
        Span<byte> chunk = stackalloc byte[ErasureCode.ChunkBytes];
        try
        {
            if (Braid.Advance(draw, epochSecret))
            {
                Chain.AddEpoch(epochSecret);
            }

            SpqrMessageType type = Braid.Emit(chunk, out ushort chunkIndex);
            uint index = Chain.Send(Braid.Epoch - 1, messageKey);
            return new SpqrMessage { Epoch = Braid.Epoch, Index = index, Type = type, ChunkIndex = chunkIndex, Chunk = chunk }.ToBytes();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(epochSecret);
        }
    }

    /// <summary>Takes a message in and writes the 32-byte key of the message it came with, if it has one.</summary>
    internal SpqrOutcome Receive(ReadOnlySpan<byte> bytes, Span<byte> messageKey)
    {
        if (!SpqrMessage.TryParse(bytes, out SpqrMessage message))
        {
            return SpqrOutcome.Malformed;
        }

        bool hasKey = message is not { Epoch: 1, Index: 0 };
        ulong keyEpoch = message.Epoch - 1;
        SpqrOutcome outcome = hasKey ? Chain.Check(keyEpoch, message.Index) : SpqrOutcome.SuccessWithoutKey;
        if (outcome is not (SpqrOutcome.Success or SpqrOutcome.SuccessWithoutKey))
        {
            return outcome;
        }

        Span<byte> epochSecret = stackalloc byte[SpqrKdf.KeyBytes];
        try
        {
            SpqrOutcome taken = Braid.Receive(message, epochSecret, out bool hasSecret);
            if (taken != SpqrOutcome.Success)
            {
                return taken;
            }

            if (hasSecret)
            {
                Chain.AddEpoch(epochSecret);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(epochSecret);
        }

        if (hasKey)
        {
            Chain.Receive(keyEpoch, message.Index, messageKey);
        }

        return outcome;
    }

    internal SpqrState Clone() => new(IsInitiator, Braid.Clone(), Chain.Clone());

    /// <summary>The stored form, with keys in clear: the caller seals and wipes it.</summary>
    internal byte[] Write() => SpqrCodec.Write(this);

    /// <summary>Takes back what <see cref="Write"/> gave, and nothing else.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SpqrState? state) => SpqrCodec.TryRead(bytes, out state);

    public void Dispose()
    {
        Braid.Dispose();
        Chain.Dispose();
    }

    public override string ToString() => "[redacted]";
}

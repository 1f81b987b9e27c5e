// spec/signal.md §3.8 and §3.9: one message with one session. Encrypt changes the state it is given, so it gets a copy;
// Decrypt makes its own copy and hands it out only after MAC and padding were right.

using System.Security.Cryptography;
using Relay.Shared.Signal.Wire;

namespace Relay.Shared.Signal;

/// <summary>Seals and opens single messages. Knows nothing of pre-keys, archives or trust.</summary>
internal static class DoubleRatchet
{
    internal static byte[] Encrypt(SessionState state, ReadOnlySpan<byte> plaintext)
    {
        Span<byte> seed = stackalloc byte[SignalKdf.KeyBytes];
        Span<byte> buffer = stackalloc byte[MessageKeys.Bytes];
        try
        {
            state.Sending.WriteSeed(seed);
            var keys = new MessageKeys(seed, salt: default, buffer);
            byte[] message = SignalMessage.Frame(
                state.SendingRatchet.PublicKey,
                state.Sending.Index,
                state.PreviousCounter,
                MessageKeys.CiphertextLength(plaintext.Length),
                out Span<byte> ciphertext,
                out Span<byte> mac);
            keys.Encrypt(plaintext, ciphertext);
            keys.Mac(state.LocalIdentity, state.RemoteIdentity, message.AsSpan(..^MessageKeys.MacBytes), mac);
            state.Sending.Advance();
            return message;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    /// <param name="current">Never changed.</param>
    /// <param name="message">What arrived.</param>
    /// <param name="draw">Our next ratchet key if this message starts a turn; drawn when null. Not kept.</param>
    /// <param name="opened">Plaintext and the state to adopt, on success only.</param>
    internal static SessionOutcome Decrypt(SessionState current, SignalMessage message, KeyPair? draw, out Opened? opened)
    {
        opened = null;
        SessionState? next = current.Clone();
        Span<byte> seed = stackalloc byte[SignalKdf.KeyBytes];
        Span<byte> buffer = stackalloc byte[MessageKeys.Bytes];
        try
        {
            bool isTurn = !TryFindOrAddChain(next, message.RatchetKey, out ReceivingChain? chain);
            if (chain is null)
            {
                return SessionOutcome.BadKey;
            }

            SessionOutcome outcome = chain.TakeSeed(message.Counter, seed);
            if (outcome != SessionOutcome.Success)
            {
                return outcome;
            }

            // Version 4 gives the post-quantum message key as salt here.
            var keys = new MessageKeys(seed, salt: default, buffer);
            if (!IsAuthentic(keys, next, message))
            {
                return SessionOutcome.BadMac;
            }

            byte[]? plaintext = keys.Decrypt(message.Ciphertext.Span);
            if (plaintext is null)
            {
                return SessionOutcome.Malformed;
            }

            next.TrimSkipped();
            next.Pending = null;
            if (isTurn)
            {
                TurnSending(next, message.RatchetKey, draw?.Clone() ?? KeyPair.Generate());
            }

            opened = new Opened(plaintext, next);
            next = null;
            return SessionOutcome.Success;
        }
        finally
        {
            next?.Dispose();
            CryptographicOperations.ZeroMemory(seed);
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    // True: the chain was there. False: their turn just began, and the chain is new, or null for a low-order key.
    private static bool TryFindOrAddChain(SessionState state, PublicKey ratchetKey, out ReceivingChain? chain)
    {
        chain = state.FindReceiving(ratchetKey);
        if (chain is not null)
        {
            return true;
        }

        if (state.Root.Turn(state.SendingRatchet, ratchetKey) is { } chainKey)
        {
            chain = new ReceivingChain(ratchetKey, chainKey, new SkippedKeys());
            state.AddReceiving(chain);
        }

        return false;
    }

    // Only reached with an authentic ratchet key, which has already agreed to a non-zero secret once.
    private static void TurnSending(SessionState state, PublicKey ratchetKey, KeyPair fresh)
    {
        ChainKey chain = state.Root.Turn(fresh, ratchetKey)
            ?? throw new InvalidOperationException("A key agreed once and not twice.");
        state.ReplaceSending(fresh, chain);
    }

    private static bool IsAuthentic(MessageKeys keys, SessionState state, SignalMessage message)
    {
        // The sender is the peer. MUST be over the version byte received, and compared in constant time.
        Span<byte> expected = stackalloc byte[MessageKeys.MacBytes];
        keys.Mac(state.RemoteIdentity, state.LocalIdentity, message.Authenticated, expected);
        return CryptographicOperations.FixedTimeEquals(expected, message.Mac);
    }

    /// <summary>A message read, and the state after it.</summary>
    internal sealed class Opened(byte[] plaintext, SessionState next)
    {
        internal byte[] Plaintext { get; } = plaintext;

        internal SessionState Next { get; } = next;
    }
}

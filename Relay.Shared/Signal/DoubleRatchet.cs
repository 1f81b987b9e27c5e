// spec/signal.md §3.8, §3.9 and §4: one message with one session. With SPQR (§4.1) its message key salts the message keys; seeds
// of skipped messages are kept from before that step. Encrypt changes the state it is given, so it gets a copy;
// Decrypt makes its own copy and hands it out only after MAC and padding were right.

using System.Security.Cryptography;
using Relay.Shared.Signal.Spqr;
using Relay.Shared.Signal.Wire;

namespace Relay.Shared.Signal;

/// <summary>Seals and opens single messages. Knows nothing of pre-keys, archives or trust.</summary>
internal static class DoubleRatchet
{
    /// <param name="state">Changed.</param>
    /// <param name="plaintext">Any length.</param>
    /// <param name="addresses">Field 6, or empty.</param>
    /// <param name="spqrDraw">What SPQR draws at this step; drawn when empty.</param>
    internal static byte[] Encrypt(
        SessionState state, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> addresses, ReadOnlySpan<byte> spqrDraw)
    {
        Span<byte> seed = stackalloc byte[SignalKdf.KeyBytes];
        Span<byte> salt = stackalloc byte[SignalKdf.KeyBytes];
        Span<byte> buffer = stackalloc byte[MessageKeys.Bytes];
        try
        {
            byte[] step = state.PostQuantum is not { } ratchet ? []
                : spqrDraw.IsEmpty ? ratchet.Send(salt)
                : ratchet.Send(spqrDraw, salt);
            state.Sending.WriteSeed(seed);
            var keys = new MessageKeys(seed, step.Length == 0 ? default : salt, buffer);
            var header = new SignalMessage.Header
            {
                Version = state.Version,
                RatchetKey = state.SendingRatchet.PublicKey,
                Counter = state.Sending.Index,
                PreviousCounter = state.PreviousCounter,
                PqRatchet = step,
                Addresses = addresses,
            };
            byte[] message = SignalMessage.Frame(
                header, MessageKeys.CiphertextLength(plaintext.Length), out Span<byte> ciphertext, out Span<byte> mac);
            keys.Encrypt(plaintext, ciphertext);
            keys.Mac(state.LocalIdentity, state.RemoteIdentity, message.AsSpan(..^MessageKeys.MacBytes), mac);
            state.Sending.Advance();
            return message;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
            CryptographicOperations.ZeroMemory(salt);
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    /// <param name="current">Never changed.</param>
    /// <param name="message">What arrived.</param>
    /// <param name="addresses">What field 6 must be if it is there; empty refuses it.</param>
    /// <param name="draw">Our next ratchet key if this message starts a turn; drawn when null. Not kept.</param>
    /// <param name="opened">Plaintext and the state to adopt, on success only.</param>
    internal static SessionOutcome Decrypt(
        SessionState current, SignalMessage message, ReadOnlySpan<byte> addresses, KeyPair? draw, out Opened? opened)
    {
        opened = null;
        SessionState? next = current.Clone();
        Span<byte> seed = stackalloc byte[SignalKdf.KeyBytes];
        Span<byte> salt = stackalloc byte[SignalKdf.KeyBytes];
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

            // The chain is there already: only a responder's session has none before its first message.
            bool isFirst = isTurn && next.Receiving.Count == 1;
            bool mayBeKeyless = isFirst || (next.IsFirstChainKeyless && chain == next.Receiving[0]);
            outcome = TakeSalt(next, message, mayBeKeyless, salt, out int saltBytes);
            if (outcome != SessionOutcome.Success)
            {
                // Of a chain that was not there before, nothing says yet that the message is this session's at all.
                return isTurn ? SessionOutcome.BadMac : outcome;
            }

            var keys = new MessageKeys(seed, salt[..saltBytes], buffer);
            if (!IsAuthentic(keys, next, message))
            {
                return SessionOutcome.BadMac;
            }

            if (!IsAddressed(next, message, addresses))
            {
                return SessionOutcome.WrongAddresses;
            }

            byte[]? plaintext = keys.Decrypt(message.Ciphertext.Span);
            if (plaintext is null)
            {
                return SessionOutcome.Malformed;
            }

            next.TrimSkipped();
            next.Pending = null;
            next.IsFirstChainKeyless |= isFirst && next.PostQuantum is not null && saltBytes == 0;
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
            CryptographicOperations.ZeroMemory(salt);
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

    // A session with SPQR MUST have it in every message, and its key too: else who breaks the curve alone could forge. Some
    // peers have no key until they have heard from us (§4.1): their whole first chain has none, and no other chain may.
    private static SessionOutcome TakeSalt(
        SessionState state, SignalMessage message, bool mayBeKeyless, Span<byte> salt, out int saltBytes)
    {
        saltBytes = 0;
        if (state.PostQuantum is not { } ratchet)
        {
            return SessionOutcome.Success;
        }

        if (message.PqRatchet is not { IsEmpty: false } step)
        {
            return SessionOutcome.BadMac;
        }

        SpqrOutcome outcome = ratchet.Receive(step.Span, salt);
        saltBytes = outcome == SpqrOutcome.Success ? SpqrState.MessageKeyBytes : 0;
        return outcome switch
        {
            SpqrOutcome.Success => SessionOutcome.Success,
            SpqrOutcome.SuccessWithoutKey when mayBeKeyless => SessionOutcome.Success,
            SpqrOutcome.Malformed => SessionOutcome.Malformed,
            SpqrOutcome.Duplicate => SessionOutcome.Duplicate,
            SpqrOutcome.TooFarAhead => SessionOutcome.TooFarAhead,
            _ => SessionOutcome.BadMac,
        };
    }

    // §4: absent is accepted; present must be exactly what the receiver computes from its own names for both sides.
    private static bool IsAddressed(SessionState state, SignalMessage message, ReadOnlySpan<byte> expected) =>
        state.Version != WireVersion.PostQuantum
        || message.Addresses is not { } addresses
        || (!expected.IsEmpty && addresses.Span.SequenceEqual(expected));

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

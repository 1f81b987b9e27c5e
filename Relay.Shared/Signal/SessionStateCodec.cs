// One session inside a record (SessionRecordCodec):
//   session  = version (1 byte, 3 or 4), flags (1 byte: 1 pending, 2 pending with one-time key, 4 retired, 8 with SPQR,
//              16 the oldest chain, the peer's first one, has no SPQR keys),
//              local identity, remote identity, local registration id (4), remote registration id (4), base key,
//              root key (32), previous counter (4),
//              sending ratchet private, sending ratchet public, sending chain key (32), sending index (4),
//              chains (1 byte, 0 to 5), chains * chain, [pending], [SPQR: length (4), state]
//   chain    = ratchet key, chain key (32), index (4), skipped (2), skipped * (counter (4), seed (32))
//   pending  = [one-time pre-key id (4), not 0], signed pre-key id (4), version 4: Kyber pre-key id (4), Kyber ciphertext (1569)
// Refused: unknown versions and flags, flags that don't go together, non-canonical keys, two chains with one ratchet key,
// skipped counters that don't ascend or aren't below the index, more skipped keys than the session's cap.

using Relay.Shared.Signal.Kem;
using Relay.Shared.Signal.Spqr;
using Relay.Shared.Signal.Wire;

namespace Relay.Shared.Signal;

/// <summary>Writes and strictly reads one session.</summary>
internal static class SessionStateCodec
{
    private const byte PendingFlag = 1;
    private const byte OneTimeFlag = 2;
    private const byte RetiredFlag = 4;
    private const byte SpqrFlag = 8;
    private const byte KeylessFlag = 16;
    private const int SessionBytes = 243;
    private const int ChainBytes = 70;
    private const int SkippedBytes = 36;

    internal static int SizeOf(SessionState session) => SessionBytes
        + (session.Receiving.Count * ChainBytes)
        + (session.SkippedCount * SkippedBytes)
        + (session.Pending is { } pending ? SizeOf(pending) : 0)
        + (session.PostQuantum is { } ratchet ? 4 + SpqrCodec.SizeOf(ratchet) : 0);

    internal static void Write(ref RecordWriter writer, SessionState session)
    {
        writer.Byte(session.Version);
        writer.Byte(FlagsOf(session));
        writer.Bytes(session.LocalIdentity.U);
        writer.Bytes(session.RemoteIdentity.U);
        writer.UInt32(session.LocalRegistrationId);
        writer.UInt32(session.RemoteRegistrationId);
        writer.Bytes(session.BaseKey.U);
        writer.Bytes(session.Root.Key);
        writer.UInt32(session.PreviousCounter);
        writer.Bytes(session.SendingRatchet.PrivateKey);
        writer.Bytes(session.SendingRatchet.PublicKey.U);
        writer.Bytes(session.Sending.Key);
        writer.UInt32(session.Sending.Index);
        writer.Byte((byte)session.Receiving.Count);
        foreach (ReceivingChain chain in session.Receiving)
        {
            WriteChain(ref writer, chain);
        }

        if (session.Pending is { } pending)
        {
            WritePending(ref writer, pending);
        }

        if (session.PostQuantum is { } ratchet)
        {
            writer.UInt32((uint)SpqrCodec.SizeOf(ratchet));
            SpqrCodec.Write(ratchet, ref writer);
        }
    }

    internal static SessionState? Read(ref RecordReader reader, bool isFirstFormat)
    {
        byte version = reader.Byte();
        byte flags = reader.Byte();
        PublicKey? local = reader.Key();
        PublicKey? remote = reader.Key();
        uint localRegistrationId = reader.UInt32();
        uint remoteRegistrationId = reader.UInt32();
        PublicKey? baseKey = reader.Key();
        ReadOnlySpan<byte> root = reader.Secret();
        uint previousCounter = reader.UInt32();
        ReadOnlySpan<byte> ratchetPrivate = reader.Secret();
        PublicKey? ratchetPublic = reader.Key();
        ReadOnlySpan<byte> chainKey = reader.Secret();
        uint index = reader.UInt32();
        if (reader.Failed || local is null || remote is null || baseKey is null || ratchetPublic is null
            || !IsKnown(version, flags, isFirstFormat))
        {
            return null;
        }

        var session = new SessionState(
            new RootKey(root), KeyPair.FromParts(ratchetPrivate, ratchetPublic), new ChainKey(chainKey, index))
        {
            Version = version,
            LocalIdentity = local,
            RemoteIdentity = remote,
            LocalRegistrationId = localRegistrationId,
            RemoteRegistrationId = remoteRegistrationId,
            BaseKey = baseKey,
            PreviousCounter = previousCounter,
            IsRetired = (flags & RetiredFlag) != 0,
        };
        if (TryReadChains(ref reader, session) && TryReadPending(ref reader, flags, session) && TryReadSpqr(ref reader, flags, session))
        {
            return session;
        }

        session.Dispose();
        return null;
    }

    private static byte FlagsOf(SessionState session) => (byte)(
        (session.Pending is null ? 0 : PendingFlag)
        | (session.Pending?.PreKeyId is null ? 0 : OneTimeFlag)
        | (session.IsRetired ? RetiredFlag : 0)
        | (session.PostQuantum is null ? 0 : SpqrFlag)
        | (session.IsFirstChainKeyless ? KeylessFlag : 0));

    private static bool IsKnown(byte version, byte flags, bool isFirstFormat)
    {
        bool isPending = (flags & PendingFlag) != 0;
        byte allowed = (version, isFirstFormat) switch
        {
            (WireVersion.Classic, true) => PendingFlag | OneTimeFlag,
            (WireVersion.Classic, false) => PendingFlag | OneTimeFlag | RetiredFlag,
            (WireVersion.PostQuantum, false) => PendingFlag | OneTimeFlag | RetiredFlag | SpqrFlag | KeylessFlag,
            _ => 0,
        };
        return allowed != 0
            && (flags & ~allowed) == 0
            && ((flags & OneTimeFlag) == 0 || isPending)
            && ((flags & RetiredFlag) == 0 || !isPending)
            && ((flags & KeylessFlag) == 0 || ((flags & SpqrFlag) != 0 && !isPending));
    }

    private static int SizeOf(PendingPreKey pending) =>
        4 + (pending.PreKeyId is null ? 0 : 4) + (pending.Kyber is null ? 0 : 4 + KyberPublicKey.CiphertextBytes);

    private static void WriteChain(ref RecordWriter writer, ReceivingChain chain)
    {
        writer.Bytes(chain.RatchetKey.U);
        writer.Bytes(chain.Chain.Key);
        writer.UInt32(chain.Chain.Index);
        writer.UInt16((ushort)chain.Skipped.Count);
        for (int i = 0; i < chain.Skipped.Count; i++)
        {
            writer.UInt32(chain.Skipped.Counters[i]);
            writer.Bytes(chain.Skipped.Seeds.Slice(i * SignalKdf.KeyBytes, SignalKdf.KeyBytes));
        }
    }

    private static void WritePending(ref RecordWriter writer, PendingPreKey pending)
    {
        if (pending.PreKeyId is { } oneTime)
        {
            writer.UInt32(oneTime);
        }

        writer.UInt32(pending.SignedPreKeyId);
        if (pending.Kyber is { } kyber)
        {
            writer.UInt32(kyber.PreKeyId);
            writer.Bytes(kyber.Ciphertext);
        }
    }

    private static bool TryReadChains(ref RecordReader reader, SessionState session)
    {
        int count = reader.Byte();
        if (count > SignalLimits.MaxReceivingChains)
        {
            return false;
        }

        for (int i = 0; i < count; i++)
        {
            PublicKey? ratchetKey = reader.Key();
            ReadOnlySpan<byte> chainKey = reader.Secret();
            uint index = reader.UInt32();
            if (reader.Failed || ratchetKey is null || session.FindReceiving(ratchetKey) is not null)
            {
                return false;
            }

            var skipped = new SkippedKeys();
            session.AddReceiving(new ReceivingChain(ratchetKey, new ChainKey(chainKey, index), skipped));
            if (!TryReadSkipped(ref reader, index, skipped) || session.SkippedCount > SignalLimits.MaxSkippedKeys)
            {
                return false;
            }
        }

        return !reader.Failed;
    }

    private static bool TryReadSkipped(ref RecordReader reader, uint index, SkippedKeys skipped)
    {
        int count = reader.UInt16();
        long last = -1;
        for (int i = 0; i < count; i++)
        {
            uint counter = reader.UInt32();
            ReadOnlySpan<byte> seed = reader.Secret();
            if (reader.Failed || counter <= last || counter >= index)
            {
                return false;
            }

            seed.CopyTo(skipped.Add(counter));
            last = counter;
        }

        return !reader.Failed;
    }

    private static bool TryReadPending(ref RecordReader reader, byte flags, SessionState session)
    {
        if ((flags & PendingFlag) == 0)
        {
            return true;
        }

        uint? oneTime = (flags & OneTimeFlag) == 0 ? null : reader.UInt32();
        uint signed = reader.UInt32();
        KyberCapsule? kyber = null;
        if (session.Version == WireVersion.PostQuantum)
        {
            uint kyberId = reader.UInt32();
            ReadOnlySpan<byte> ciphertext = reader.Bytes(KyberPublicKey.CiphertextBytes);
            if (!KyberCapsule.IsWellFormed(ciphertext))
            {
                return false;
            }

            kyber = new KyberCapsule(kyberId, ciphertext);
        }

        session.Pending = new PendingPreKey(oneTime, signed, kyber);
        return !reader.Failed && oneTime != 0;
    }

    private static bool TryReadSpqr(ref RecordReader reader, byte flags, SessionState session)
    {
        if ((flags & SpqrFlag) == 0)
        {
            return true;
        }

        uint length = reader.UInt32();
        if (reader.Failed || length > SpqrCodec.MaxBytes
            || !SpqrState.TryRead(reader.Bytes((int)length), out SpqrState? ratchet))
        {
            return false;
        }

        session.PostQuantum = ratchet;
        session.IsFirstChainKeyless = (flags & KeylessFlag) != 0;
        return !reader.Failed && (!session.IsFirstChainKeyless || (session.Receiving.Count > 0 && !ratchet.IsInitiator));
    }
}

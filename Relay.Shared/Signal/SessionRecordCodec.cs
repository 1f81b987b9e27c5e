// The stored form of a record, our own. Integers are little endian; a key is its 32-byte u-coordinate or private half.
//   record   = format (1 byte, 1), count (1 byte, 1 to 6), count * session
//   session  = version (1 byte, 3), flags (1 byte: 1 pending, 2 pending with one-time key),
//              local identity, remote identity, local registration id (4), remote registration id (4), base key,
//              root key (32), previous counter (4),
//              sending ratchet private, sending ratchet public, sending chain key (32), sending index (4),
//              chains (1 byte, 0 to 5), chains * chain, [pending]
//   chain    = ratchet key, chain key (32), index (4), skipped (2), skipped * (counter (4), seed (32))
//   pending  = [one-time pre-key id (4), not 0], signed pre-key id (4)
// Refused: other formats and versions, unknown flags, non-canonical keys, two chains with one ratchet key, skipped counters
// that don't ascend or aren't below the index, more skipped keys than the session's cap, missing and left-over bytes.

using System.Diagnostics.CodeAnalysis;

namespace Relay.Shared.Signal;

/// <summary>Writes and strictly reads the stored form of a record: what parses is written back to the same bytes.</summary>
internal static class SessionRecordCodec
{
    private const byte Format = 1;
    private const byte PendingFlag = 1;
    private const byte OneTimeFlag = 2;
    private const int SessionBytes = 243;
    private const int ChainBytes = 70;
    private const int SkippedBytes = 36;

    internal static byte[] Write(ReadOnlySpan<SessionState> sessions)
    {
        int size = 2;
        foreach (SessionState session in sessions)
        {
            size += SizeOf(session);
        }

        byte[] bytes = new byte[size];
        var writer = new RecordWriter(bytes);
        writer.Byte(Format);
        writer.Byte((byte)sessions.Length);
        foreach (SessionState session in sessions)
        {
            WriteSession(ref writer, session);
        }

        return bytes;
    }

    internal static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SessionState[]? sessions)
    {
        sessions = null;
        var reader = new RecordReader(bytes);
        if (reader.Byte() != Format || reader.Byte() is not (var count and >= 1 and <= 1 + SignalLimits.MaxArchivedSessions))
        {
            return false;
        }

        var read = new SessionState?[count];
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            read[i] = ReadSession(ref reader);
        }

        SessionState[] whole = [.. read.OfType<SessionState>()];
        if (whole.Length == count && reader.IsAtEnd)
        {
            sessions = whole;
            return true;
        }

        foreach (SessionState session in whole)
        {
            session.Dispose();
        }

        return false;
    }

    private static int SizeOf(SessionState session) => SessionBytes
        + (session.Receiving.Count * ChainBytes)
        + (session.SkippedCount * SkippedBytes)
        + (session.Pending is null ? 0 : 4)
        + (session.Pending?.PreKeyId is null ? 0 : 4);

    private static void WriteSession(ref RecordWriter writer, SessionState session)
    {
        writer.Byte(session.Version);
        writer.Byte((byte)((session.Pending is null ? 0 : PendingFlag) | (session.Pending?.PreKeyId is null ? 0 : OneTimeFlag)));
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
            if (pending.PreKeyId is { } oneTime)
            {
                writer.UInt32(oneTime);
            }

            writer.UInt32(pending.SignedPreKeyId);
        }
    }

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

    private static SessionState? ReadSession(ref RecordReader reader)
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
            || version != Wire.WireVersion.Classic || flags is not (0 or PendingFlag or (PendingFlag | OneTimeFlag)))
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
        };
        if (TryReadChains(ref reader, session) && TryReadPending(ref reader, flags, session))
        {
            return session;
        }

        session.Dispose();
        return null;
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
        if (flags == 0)
        {
            return true;
        }

        uint? oneTime = (flags & OneTimeFlag) == 0 ? null : reader.UInt32();
        session.Pending = new PendingPreKey(oneTime, reader.UInt32());
        return !reader.Failed && oneTime != 0;
    }
}

// The stored form of a record, our own. Integers are little endian; a Curve25519 key is its 32-byte u-coordinate or private half.
//   record   = format (1 byte, 2), count (1 byte, 1 to 6), count * session       (SessionStateCodec)
// Format 1 is read as well: the same but for sessions of version 3 only, none of them retired. It is written back as format 2.
// Refused: other formats, a session that is refused, one that sends behind a retired one, missing and left-over bytes.

using System.Diagnostics.CodeAnalysis;

namespace Relay.Shared.Signal;

/// <summary>Writes and strictly reads the stored form of a record: what parses is written back to the same bytes.</summary>
internal static class SessionRecordCodec
{
    private const byte Format = 2;
    private const byte FirstFormat = 1;

    internal static byte[] Write(ReadOnlySpan<SessionState> sessions)
    {
        byte[] bytes = new byte[SizeOf(sessions)];
        var writer = new RecordWriter(bytes);
        writer.Byte(Format);
        writer.Byte((byte)sessions.Length);
        foreach (SessionState session in sessions)
        {
            SessionStateCodec.Write(ref writer, session);
        }

        return bytes;
    }

    internal static int SizeOf(ReadOnlySpan<SessionState> sessions)
    {
        int size = 2;
        foreach (SessionState session in sessions)
        {
            size += SessionStateCodec.SizeOf(session);
        }

        return size;
    }

    internal static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SessionState[]? sessions)
    {
        sessions = null;
        var reader = new RecordReader(bytes);
        byte format = reader.Byte();
        if (format is not (Format or FirstFormat) || reader.Byte() is not (var count and >= 1 and <= 1 + SignalLimits.MaxArchivedSessions))
        {
            return false;
        }

        var read = new SessionState?[count];
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            read[i] = SessionStateCodec.Read(ref reader, isFirstFormat: format == FirstFormat);
        }

        // SessionRecord keeps retired sessions behind those that send.
        SessionState[] whole = [.. read.OfType<SessionState>()];
        bool isOrdered = !whole.Zip(whole.Skip(1)).Any(pair => pair.First.IsRetired && !pair.Second.IsRetired);
        if (whole.Length == count && reader.IsAtEnd && isOrdered)
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
}

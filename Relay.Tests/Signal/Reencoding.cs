using Relay.Shared.Signal.Wire;

namespace Relay.Tests.Signal;

/// <summary>Writes parsed messages back from their fields alone, to show that a parse loses nothing.</summary>
internal static class Reencoding
{
    public static byte[] Of(SignalMessage message)
    {
        byte[] buffer = new byte[message.Bytes.Length + 64];
        int size = 1 + ProtoWriter.SizeOfBytes(1, 33) + ProtoWriter.Size(2, message.Counter);
        buffer[0] = message.VersionByte;
        var writer = new ProtoWriter(buffer.AsSpan(1));
        writer.Bytes(1, message.RatchetKey.Serialized);
        writer.UInt32(2, message.Counter);
        if (message.PreviousCounter is { } previous)
        {
            writer.UInt32(3, previous);
            size += ProtoWriter.Size(3, previous);
        }

        size += Optional(ref writer, 4, message.Ciphertext);
        size += Optional(ref writer, 5, message.PqRatchet);
        size += Optional(ref writer, 6, message.Addresses);
        writer.Raw(message.UnknownFields.Span);
        writer.Raw(message.Mac);
        return buffer[..(size + message.UnknownFields.Length + message.Mac.Length)];
    }

    public static byte[] Of(PreKeySignalMessage message)
    {
        byte[] buffer = new byte[message.Inner.Bytes.Length + (message.KyberCiphertext.Length) + message.UnknownFields.Length + 256];
        int size = 1;
        buffer[0] = message.Inner.VersionByte;
        var writer = new ProtoWriter(buffer.AsSpan(1));
        for (int shift = 60; shift >= 0; shift -= 4)
        {
            size += (int)((message.FieldOrder >> shift) & 0xF) switch
            {
                1 => Number(ref writer, 1, message.PreKeyIdOnWire),
                2 => Optional(ref writer, 2, message.BaseKey.ToBytes()),
                3 => Optional(ref writer, 3, message.IdentityKey.ToBytes()),
                4 => Optional(ref writer, 4, Of(message.Inner)),
                5 => Number(ref writer, 5, message.RegistrationIdOnWire),
                6 => Number(ref writer, 6, message.SignedPreKeyId),
                7 => Number(ref writer, 7, message.KyberPreKeyIdOnWire),
                8 => Optional(ref writer, 8, message.KyberCiphertextOnWire),
                _ => 0,
            };
        }

        writer.Raw(message.UnknownFields.Span);
        return buffer[..(size + message.UnknownFields.Length)];
    }

    private static int Number(ref ProtoWriter writer, int field, uint? value)
    {
        if (value is not { } number)
        {
            return 0;
        }

        writer.UInt32(field, number);
        return ProtoWriter.Size(field, number);
    }

    private static int Optional(ref ProtoWriter writer, int field, ReadOnlyMemory<byte>? value)
    {
        if (value is not { } bytes)
        {
            return 0;
        }

        writer.Bytes(field, bytes.Span);
        return ProtoWriter.SizeOfBytes(field, bytes.Length);
    }
}

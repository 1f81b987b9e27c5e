using System.Buffers.Binary;

namespace Relay.Shared.Signal;

/// <summary>Reads a buffer from front to back. After the first failure every read gives zeros, and <see cref="Failed"/> stays.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> bytes)
{
    private static readonly byte[] Zeros = new byte[SignalKdf.KeyBytes];

    private ReadOnlySpan<byte> _rest = bytes;

    internal bool Failed { get; private set; }

    internal readonly bool IsAtEnd => !Failed && _rest.IsEmpty;

    internal byte Byte() => Take(1)[0];

    internal ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    internal uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    internal ReadOnlySpan<byte> Secret() => Take(SignalKdf.KeyBytes);

    /// <summary>Any number of bytes; none after a failure.</summary>
    internal ReadOnlySpan<byte> Bytes(int count)
    {
        if (Failed || _rest.Length < count)
        {
            Failed = true;
            return [];
        }

        return Take(count);
    }

    /// <summary>Null after a failure, which a non-canonical coordinate is too.</summary>
    internal PublicKey? Key()
    {
        if (!PublicKey.TryFromU(Take(SignalKdf.KeyBytes), out PublicKey? key))
        {
            Failed = true;
        }

        return Failed ? null : key;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Failed || _rest.Length < count)
        {
            Failed = true;
            return Zeros.AsSpan(0, count);
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}

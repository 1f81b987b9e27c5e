using System.Buffers.Binary;

namespace Relay.Shared.Signal;

/// <summary>Fills a buffer of exactly the right size from front to back.</summary>
internal ref struct RecordWriter(Span<byte> destination)
{
    private Span<byte> _rest = destination;

    internal void Byte(byte value)
    {
        _rest[0] = value;
        _rest = _rest[1..];
    }

    internal void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_rest, value);
        _rest = _rest[2..];
    }

    internal void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_rest, value);
        _rest = _rest[4..];
    }

    internal void Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_rest);
        _rest = _rest[value.Length..];
    }
}

namespace Relay.Shared.Signal.Wire;

/// <summary>Writes what <see cref="ProtoReader"/> reads, into a buffer of exactly the right size.</summary>
internal ref struct ProtoWriter(Span<byte> destination)
{
    private Span<byte> _rest = destination;

    internal static int Size(int field, uint value) => VarintSize(TagOf(field, 0)) + VarintSize(value);

    internal static int SizeOfBytes(int field, int length) => VarintSize(TagOf(field, 2)) + VarintSize((uint)length) + length;

    /// <summary>Nothing when there is no content.</summary>
    internal static int SizeOfOptional(int field, ReadOnlySpan<byte> content) => content.IsEmpty ? 0 : SizeOfBytes(field, content.Length);

    internal void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_rest);
        _rest = _rest[bytes.Length..];
    }

    internal void UInt32(int field, uint value)
    {
        Varint(TagOf(field, 0));
        Varint(value);
    }

    internal void Bytes(int field, ReadOnlySpan<byte> value) => value.CopyTo(Reserve(field, value.Length));

    /// <summary>Writes nothing when there is no content.</summary>
    internal void Optional(int field, ReadOnlySpan<byte> content)
    {
        if (!content.IsEmpty)
        {
            Bytes(field, content);
        }
    }

    /// <summary>Writes tag and length and returns where the content goes.</summary>
    internal Span<byte> Reserve(int field, int length)
    {
        Varint(TagOf(field, 2));
        Varint((uint)length);
        Span<byte> content = _rest[..length];
        _rest = _rest[length..];
        return content;
    }

    private static uint TagOf(int field, int type) => ((uint)field << 3) | (uint)type;

    private static int VarintSize(uint value)
    {
        int size = 1;
        while (value > 0x7F)
        {
            value >>= 7;
            size++;
        }

        return size;
    }

    private void Varint(uint value)
    {
        int at = 0;
        while (value > 0x7F)
        {
            _rest[at] = (byte)((value & 0x7F) | 0x80);
            value >>= 7;
            at++;
        }

        _rest[at] = (byte)value;
        _rest = _rest[(at + 1)..];
    }
}

// The subset of protobuf that these messages use, in its canonical form only:
//   message = *known *unknown         each known number at most once
//   field   = tag value                 tag = varint(number << 3 | type), number >= 1
//   value   = varint                    type 0, shortest form, at most 64 bits
//           | 8 bytes                   type 1
//           | varint(length) bytes      type 2
//           | 4 bytes                   type 5
// Every known sender writes this form, and numbers ascend, but for one that shuffles its PreKeySignalMessage. What is not of
// this form is refused; what is can be written back to the same bytes from the fields, their order and the unknown tail.

namespace Relay.Shared.Signal.Wire;

/// <summary>Reads one field after the other; nothing is allocated. After the end or an error, <see cref="Next"/> is false.</summary>
internal ref struct ProtoReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _highestKnown;
    private readonly bool _ascending;
    private int _position;
    private int _field;
    private int _type;
    private ulong _varint;

    /// <param name="bytes">The whole message.</param>
    /// <param name="highestKnown">At most 15. Fields above this are unknown: well-formed, otherwise ignored, and last.</param>
    /// <param name="ascending">Known fields must come in order of their numbers.</param>
    internal ProtoReader(ReadOnlySpan<byte> bytes, int highestKnown, bool ascending)
    {
        _bytes = bytes;
        _highestKnown = highestKnown;
        _ascending = ascending;
        UnknownStart = bytes.Length;
    }

    internal readonly int Field => _field;

    /// <summary>Where the bytes of the current length-delimited field are.</summary>
    internal Range Content { get; private set; }

    /// <summary>The known fields as they came, four bits each, the last one lowest.</summary>
    internal ulong Order { get; private set; }

    /// <summary>Where the unknown fields begin.</summary>
    internal int UnknownStart { get; private set; }

    internal bool Failed { get; private set; }

    /// <summary>Moves to the next known field.</summary>
    internal bool Next()
    {
        while (!Failed && _position < _bytes.Length)
        {
            int start = _position;
            if (!TryVarint(out ulong tag) || tag > uint.MaxValue || !TryEnter((int)(tag >> 3)) || !TryValue((int)(tag & 7)))
            {
                Failed = true;
                return false;
            }

            if (_field <= _highestKnown)
            {
                return true;
            }

            UnknownStart = Math.Min(UnknownStart, start);
        }

        return false;
    }

    internal bool TryUInt32(out uint value)
    {
        bool good = _type == 0 && _varint <= uint.MaxValue;
        value = good ? (uint)_varint : 0;
        return good;
    }

    internal readonly bool IsBytes => _type == 2;

    private bool TryEnter(int field)
    {
        int last = _field;
        _field = field;
        if (field > _highestKnown)
        {
            return true;
        }

        bool good = field >= 1 && last <= _highestKnown && (field > last || !_ascending) && !HasSeen(field);
        Order = (Order << 4) | (uint)(field & 0xF);
        return good;
    }

    private readonly bool HasSeen(int field)
    {
        for (ulong rest = Order; rest != 0; rest >>= 4)
        {
            if ((rest & 0xF) == (uint)field)
            {
                return true;
            }
        }

        return false;
    }

    private bool TryValue(int type)
    {
        _type = type;
        switch (type)
        {
            case 0:
                return TryVarint(out _varint);
            case 1:
                return TrySkip(8);
            case 2:
                return TryVarint(out ulong length) && TrySkip(length);
            case 5:
                return TrySkip(4);
            default:
                return false;
        }
    }

    private bool TrySkip(ulong length)
    {
        if (length > (ulong)(_bytes.Length - _position))
        {
            return false;
        }

        int end = _position + (int)length;
        Content = _position..end;
        _position = end;
        return true;
    }

    private bool TryVarint(out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && _position < _bytes.Length; shift += 7)
        {
            byte next = _bytes[_position];
            _position++;
            ulong bits = next & 0x7Ful;
            if (shift == 63 && bits > 1)
            {
                return false;
            }

            value |= bits << shift;
            if (next < 0x80)
            {
                // Shortest form: only the value zero may end in a zero group.
                return next != 0 || shift == 0;
            }
        }

        return false;
    }
}

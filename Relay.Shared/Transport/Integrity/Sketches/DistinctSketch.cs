// Encoded: 1 | count(2, big endian) | that many items of 8 bytes, ascending      up to 2,000 items, exactly
//          2 | registers (HyperLogLog)                                          more
using System.Buffers.Binary;

namespace Relay.Shared.Transport.Integrity.Sketches;

/// <summary>
/// How many distinct items were added: exactly up to <see cref="MaxExact"/>, estimated beyond. An item is the first 8 bytes of a keyed hash; without its key, which dies
/// after 48 hours, nobody can ask whether somebody is in it. Adding and merging may be repeated and reordered.
/// </summary>
public sealed class DistinctSketch
{
    /// <summary>Two items of 2,000 collide in one of 10^13 sketches.</summary>
    public const int MaxExact = 2_000;

    /// <summary>Encoded, in bytes, at most.</summary>
    public const int MaxSize = 1 + HyperLogLog.Size;

    private const int ItemSize = 8;
    private const byte Exact = 1;
    private const byte Estimated = 2;

    private HashSet<ulong>? _items = [];
    private HyperLogLog? _registers;

    public bool IsExact => _items is not null;

    public long Count => _items?.Count ?? Registers.Estimate();

    private HyperLogLog Registers => _registers ?? throw new InvalidOperationException("An exact sketch has no registers.");

    /// <summary>Says whether that changed anything: never for an item that is in it.</summary>
    public bool Add(ulong item)
    {
        if (_items is null)
        {
            return Registers.Add(item);
        }

        bool added = _items.Add(item);
        if (_items.Count > MaxExact)
        {
            Spill();
        }

        return added;
    }

    /// <summary>Whether an item was added.</summary>
    /// <exception cref="InvalidOperationException">It is estimated and doesn't know.</exception>
    public bool Contains(ulong item) => _items?.Contains(item) ?? throw new InvalidOperationException("An estimated sketch doesn't know its items.");

    /// <summary>Says whether that changed anything.</summary>
    public bool Merge(DistinctSketch other)
    {
        if (other._items is null)
        {
            bool spilt = _items is not null;
            Spill();
            return Registers.Merge(other.Registers) || spilt;
        }

        bool changed = false;
        foreach (ulong item in other._items)
        {
            changed |= Add(item);
        }

        return changed;
    }

    /// <summary>One of its own with the same items.</summary>
    public DistinctSketch Copy()
    {
        DistinctSketch copy = new();
        copy.Merge(this);
        return copy;
    }

    public byte[] Encode()
    {
        if (_items is null)
        {
            return [Estimated, .. Registers.Encode()];
        }

        byte[] bytes = new byte[3 + (_items.Count * ItemSize)];
        bytes[0] = Exact;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(1), (ushort)_items.Count);
        int at = 3;
        foreach (ulong item in _items.Order())
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(at), item);
            at += ItemSize;
        }

        return bytes;
    }

    /// <exception cref="InvalidDataException">It is no encoded one.</exception>
    public static DistinctSketch Decode(ReadOnlySpan<byte> bytes)
    {
        switch (bytes)
        {
            case [Estimated, .. var registers]:
                return new DistinctSketch { _items = null, _registers = HyperLogLog.Decode(registers) };
            case [Exact, _, _, ..] when BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]) is <= MaxExact and var count && bytes.Length == 3 + (count * ItemSize):
                DistinctSketch sketch = new();
                for (int at = 3; at < bytes.Length; at += ItemSize)
                {
                    sketch.Add(BinaryPrimitives.ReadUInt64BigEndian(bytes[at..]));
                }

                return sketch;
            default:
                throw new InvalidDataException("A sketch is of an unknown form.");
        }
    }

    private void Spill()
    {
        if (_items is null)
        {
            return;
        }

        _registers = new HyperLogLog();
        foreach (ulong item in _items)
        {
            _registers.Add(item);
        }

        _items = null;
    }
}

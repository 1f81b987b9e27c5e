using System.Buffers.Binary;

namespace Relay.Shared.Analytics;

/// <summary>What one number sent and had delivered on one day (UTC), in its 48 half hours.</summary>
internal sealed class DayCounts
{
    internal const int HalfHours = 48;
    internal const int Size = HalfHours * sizeof(int);

    internal int[] Sent { get; } = new int[HalfHours];

    internal int[] Delivered { get; } = new int[HalfHours];

    internal static int IndexOf(DateTimeOffset time) => (int)(time.UtcDateTime.TimeOfDay.Ticks / TimeSpan.TicksPerMinute / 30);

    /// <summary>As a column keeps it: 48 numbers of 4 bytes, big endian.</summary>
    internal static byte[] Encode(ReadOnlySpan<int> counts)
    {
        byte[] bytes = new byte[Size];
        for (int i = 0; i < HalfHours; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i * sizeof(int)), counts[i]);
        }

        return bytes;
    }

    /// <summary>Adds what a column keeps; a column of another size is none of ours.</summary>
    internal static void Add(Span<int> counts, ReadOnlySpan<byte> column)
    {
        for (int i = 0; column.Length == Size && i < HalfHours; i++)
        {
            counts[i] += BinaryPrimitives.ReadInt32BigEndian(column[(i * sizeof(int))..]);
        }
    }
}

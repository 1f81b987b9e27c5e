using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Relay.Load.Killing;

/// <summary>How long the host lives each time: 2 to 10 s, by a seed, so that a run can be had again.</summary>
internal sealed class KillTimes(long seed)
{
    private const int ShortestMilliseconds = 2_000;
    private const int LongestMilliseconds = 10_000;

    private int _next;

    public TimeSpan Next()
    {
        byte[] input = new byte[sizeof(long) + sizeof(int)];
        BinaryPrimitives.WriteInt64LittleEndian(input, seed);
        BinaryPrimitives.WriteInt32LittleEndian(input.AsSpan(sizeof(long)), _next++);
        uint drawn = BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(input));
        return TimeSpan.FromMilliseconds(ShortestMilliseconds + (drawn % (LongestMilliseconds - ShortestMilliseconds + 1)));
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Relay.Load.Killing;

/// <summary>How long the host lives each time (2 to 10 s) and which of its processes is killed, by a seed, so that a run can be had again.</summary>
internal sealed class KillTimes(long seed)
{
    private const int ShortestMilliseconds = 2_000;
    private const int LongestMilliseconds = 10_000;

    private int _next;
    private int _nextProcess;

    public TimeSpan Next() =>
        TimeSpan.FromMilliseconds(ShortestMilliseconds + (Draw(seed, _next++) % (LongestMilliseconds - ShortestMilliseconds + 1)));

    /// <summary>From 0 up; each once before any comes again.</summary>
    public int NextOf(int processes)
    {
        int round = _nextProcess / processes;
        int victim = (int)((Draw(~seed, round) + (uint)(_nextProcess % processes)) % (uint)processes);
        _nextProcess++;
        return victim;
    }

    private static uint Draw(long seed, int index)
    {
        byte[] input = new byte[sizeof(long) + sizeof(int)];
        BinaryPrimitives.WriteInt64LittleEndian(input, seed);
        BinaryPrimitives.WriteInt32LittleEndian(input.AsSpan(sizeof(long)), index);
        return BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(input));
    }
}

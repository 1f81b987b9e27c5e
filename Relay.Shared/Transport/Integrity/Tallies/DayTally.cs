using System.Buffers.Binary;

namespace Relay.Shared.Transport.Integrity.Tallies;

/// <summary>What a business sent on a day, as counts: nothing in it is about one user.</summary>
public sealed class DayTally
{
    private const int HoursOfDay = 24;

    /// <summary>Envelopes of messages, taken for a user's device.</summary>
    public long Sent { get; private set; }

    /// <summary>Of those, outside of a service window.</summary>
    public long Initiated { get; private set; }

    /// <summary>Of those, the first of a session: as far as the transport can tell, a user it had not met.</summary>
    public long First { get; private set; }

    /// <summary>Not taken: nobody has that number.</summary>
    public long Undeliverable { get; private set; }

    /// <summary><see cref="Sent"/> by the hour (UTC).</summary>
    public long[] ByHour { get; } = new long[HoursOfDay];

    internal void AddSent(int hour, bool isInitiated, bool isFirst)
    {
        Sent++;
        ByHour[hour]++;
        Initiated += isInitiated ? 1 : 0;
        First += isInitiated && isFirst ? 1 : 0;
    }

    internal void AddUndeliverable() => Undeliverable++;

    internal void Add(DayTally other)
    {
        Sent += other.Sent;
        Initiated += other.Initiated;
        First += other.First;
        Undeliverable += other.Undeliverable;
        for (int i = 0; i < HoursOfDay; i++)
        {
            ByHour[i] += other.ByHour[i];
        }
    }

    internal DayTally Copy()
    {
        DayTally copy = new();
        copy.Add(this);
        return copy;
    }

    /// <summary>28 numbers of 8 bytes, big endian: sent, initiated, first, undeliverable, then the hours.</summary>
    internal byte[] Encode()
    {
        long[] numbers = [Sent, Initiated, First, Undeliverable, .. ByHour];
        byte[] bytes = new byte[numbers.Length * sizeof(long)];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(i * sizeof(long)), numbers[i]);
        }

        return bytes;
    }

    /// <exception cref="InvalidDataException">It is no encoded one.</exception>
    internal static DayTally Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != (4 + HoursOfDay) * sizeof(long))
        {
            throw new InvalidDataException("A tally has the wrong size.");
        }

        DayTally tally = new() { Sent = At(bytes, 0), Initiated = At(bytes, 1), First = At(bytes, 2), Undeliverable = At(bytes, 3) };
        for (int i = 0; i < HoursOfDay; i++)
        {
            tally.ByHour[i] = At(bytes, 4 + i);
        }

        return tally;
    }

    private static long At(ReadOnlySpan<byte> bytes, int index) => BinaryPrimitives.ReadInt64BigEndian(bytes[(index * sizeof(long))..]);
}

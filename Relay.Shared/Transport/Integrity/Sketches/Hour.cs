using System.Globalization;
using Relay.Shared.Primitives;

namespace Relay.Shared.Transport.Integrity.Sketches;

/// <summary>An hour in UTC.</summary>
public readonly record struct Hour : IComparable<Hour>
{
    private readonly long _sinceEpoch;

    private Hour(long sinceEpoch) => _sinceEpoch = sinceEpoch;

    /// <summary>As row keys write it, e.g. 2026112623.</summary>
    public string Key => Start.ToString("yyyyMMddHH", CultureInfo.InvariantCulture);

    public UtcDay Day => UtcDay.Of(Start);

    private DateTimeOffset Start => DateTimeOffset.UnixEpoch.AddHours(_sinceEpoch);

    public static Hour Of(DateTimeOffset time) => new(time.ToUnixTimeSeconds() / 3_600);

    public Hour AddHours(int hours) => new(_sinceEpoch + hours);

    public int CompareTo(Hour other) => _sinceEpoch.CompareTo(other._sinceEpoch);

    public static bool operator <(Hour left, Hour right) => left._sinceEpoch < right._sinceEpoch;

    public static bool operator >(Hour left, Hour right) => left._sinceEpoch > right._sinceEpoch;

    public static bool operator <=(Hour left, Hour right) => left._sinceEpoch <= right._sinceEpoch;

    public static bool operator >=(Hour left, Hour right) => left._sinceEpoch >= right._sinceEpoch;

    public override string ToString() => Key;
}

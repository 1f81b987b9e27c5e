using System.Globalization;

namespace Relay.Shared.Primitives;

/// <summary>A calendar day in UTC: what a day key belongs to and what retention counts in.</summary>
public readonly record struct UtcDay(DateOnly Date) : IComparable<UtcDay>
{
    private const string Format = "yyyyMMdd";

    /// <summary>As storage keys and sealed headers write it, e.g. 20261122.</summary>
    public string Key => Date.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>The same as a number, e.g. 20261122.</summary>
    public uint Number => checked((uint)((Date.Year * 10_000) + (Date.Month * 100) + Date.Day));

    /// <summary>The month it lies in, e.g. 202611.</summary>
    public string MonthKey => Date.ToString("yyyyMM", CultureInfo.InvariantCulture);

    public static UtcDay Today(TimeProvider time) => Of(time.GetUtcNow());

    public static UtcDay Of(DateTimeOffset time) => new(DateOnly.FromDateTime(time.UtcDateTime));

    public static bool TryParse(string? text, out UtcDay day)
    {
        bool parsed = DateOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date);
        day = new UtcDay(date);
        return parsed;
    }

    public static bool TryFromNumber(uint number, out UtcDay day) => TryParse(number.ToString(CultureInfo.InvariantCulture), out day);

    public UtcDay AddDays(int days) => new(Date.AddDays(days));

    public int CompareTo(UtcDay other) => Date.CompareTo(other.Date);

    public static bool operator <(UtcDay left, UtcDay right) => left.Date < right.Date;

    public static bool operator >(UtcDay left, UtcDay right) => left.Date > right.Date;

    public static bool operator <=(UtcDay left, UtcDay right) => left.Date <= right.Date;

    public static bool operator >=(UtcDay left, UtcDay right) => left.Date >= right.Date;

    public override string ToString() => Key;
}

using System.Globalization;
using Relay.Shared.Primitives;

namespace Relay.Shared.Transport.Statistics;

/// <summary>A calendar week in UTC, Monday to Sunday (ISO 8601).</summary>
public readonly record struct Week
{
    private Week(UtcDay monday) => Monday = monday;

    public UtcDay Monday { get; }

    /// <summary>As ISO 8601 writes it, e.g. 2026-W48: sorts by time.</summary>
    public string Key
    {
        get
        {
            DateTime monday = Monday.Date.ToDateTime(TimeOnly.MinValue);
            return string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(monday):D4}-W{ISOWeek.GetWeekOfYear(monday):D2}");
        }
    }

    public IEnumerable<UtcDay> Days
    {
        get
        {
            UtcDay monday = Monday;
            return Enumerable.Range(0, 7).Select(day => monday.AddDays(day));
        }
    }

    public Week Before => new(Monday.AddDays(-7));

    public static Week Of(UtcDay day) => new(day.AddDays(-(((int)day.Date.DayOfWeek + 6) % 7)));

    public override string ToString() => Key;
}

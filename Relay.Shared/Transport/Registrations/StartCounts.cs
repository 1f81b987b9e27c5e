using Relay.Shared.Primitives;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Registrations;

/// <summary>How often a number has asked for a code, in the current hour and day (UTC, fixed windows).</summary>
internal readonly record struct StartCounts(int Hour, int InHour, int Day, int InDay)
{
    /// <summary>None yet. Hours are counted from the Unix epoch, days are numbers such as 20261122.</summary>
    internal static StartCounts At(DateTimeOffset now) =>
        new((int)(now.ToUnixTimeSeconds() / 3600), 0, (int)new UtcDay(DateOnly.FromDateTime(now.UtcDateTime)).Number, 0);

    /// <summary>How long to wait for the window that is full, or null: one more is fine.</summary>
    internal TimeSpan? Wait(DateTimeOffset now)
    {
        TimeSpan ofDay = now.UtcDateTime.TimeOfDay;
        return InDay >= TransportLimits.MaxRegistrationsPerDay ? TimeSpan.FromDays(1) - ofDay
            : InHour >= TransportLimits.MaxRegistrationsPerHour ? TimeSpan.FromHours(Math.Floor(ofDay.TotalHours) + 1) - ofDay
            : null;
    }
}

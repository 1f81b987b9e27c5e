using Relay.Shared.Accounts;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Media;

/// <summary>How long files live.</summary>
internal static class MediaLife
{
    /// <summary>When a file that is sealed on <paramref name="day"/> is to go: after its life, the number's own retention, or with its day's key, whichever is first.</summary>
    internal static DateTimeOffset End(BusinessNumber number, UtcDay day, DateTimeOffset now, TimeSpan life)
    {
        TimeSpan shortest = number.RetentionPeriod is { } own && own < life ? own : life;
        DateTimeOffset end = MediaKey.Ceiling(now + shortest);
        DateTimeOffset dead = new(day.AddDays(Retention.Days).Date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        return end < dead ? end : dead;
    }
}

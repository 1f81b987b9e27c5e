using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts;

/// <summary>
/// For how many days after its own the payload of a told webhook is kept, so that it can be told again; with 0 it goes when it is told.
/// </summary>
public readonly record struct ReplayWindow(int Days)
{
    public const int MaxDays = 29;

    /// <summary>Whether the payload of a row of a day stays when it is told today.</summary>
    public bool Keeps(UtcDay day, UtcDay today) => Days > 0 && day.AddDays(Days) >= today;

    /// <summary>The last day of which nothing told may be left.</summary>
    /// <param name="now">The time.</param>
    /// <param name="grace">How long whoever decided before may take to write it.</param>
    internal UtcDay LastErased(DateTimeOffset now, TimeSpan grace) => Days == 0 ? UtcDay.Of(now) : UtcDay.Of(now - grace).AddDays(-(Days + 1));
}

using Relay.Shared.Primitives;

namespace Relay.Shared.Sealing;

/// <summary>How long anything lives (design.md §4): the key of day D is destroyed during D+29, so before D+30 00:00 UTC.</summary>
public static class Retention
{
    /// <summary>Days that the data of one day may be read, its own included.</summary>
    public const int Days = 29;

    /// <summary>No message is kept longer than this.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromDays(30);

    /// <summary>The first day that may still be read today; the keys and rows of every earlier day are to be destroyed.</summary>
    public static UtcDay FirstLiveDay(UtcDay today) => today.AddDays(-(Days - 1));
}

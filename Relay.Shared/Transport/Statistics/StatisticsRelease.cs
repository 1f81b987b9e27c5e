namespace Relay.Shared.Transport.Statistics;

/// <summary>
/// Makes of counts over all businesses what identifies nobody (spec/integrity.md §4.5): cells of fewer than 20 users or 5 businesses are left out; where exactly one
/// cell of a group would be missing, or those that are missing are too small together, more are left out, smallest first, so that a total minus the others tells
/// nothing; what is left gets two-sided geometric noise and is rounded.
/// </summary>
public static class StatisticsRelease
{
    public const int FewestUsers = 20;
    public const int FewestBusinesses = 5;
    public const int Step = 10;

    /// <summary>The part that stands for all parts of a group.</summary>
    public const string Total = "ALL";

    /// <summary>One user-day is in one cell of a group and in its total: each bears half of the group's share of ε.</summary>
    private const int NumbersPerUserDay = 2;

    /// <param name="cells">All cells of one release.</param>
    /// <param name="noise">Draws noise of ε = 1 / its argument.</param>
    public static IReadOnlyList<ReleasedCell> Make(IReadOnlyCollection<StatisticsCell> cells, Func<int, int> noise)
    {
        List<IGrouping<string, StatisticsCell>> groups = [.. cells.GroupBy(cell => cell.Group, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)];
        int parts = Math.Max(1, groups.Count) * NumbersPerUserDay;
        return [.. groups.SelectMany(group => Release(group.Key, [.. group], parts, noise))];
    }

    private static IEnumerable<ReleasedCell> Release(string group, List<StatisticsCell> cells, int parts, Func<int, int> noise)
    {
        // A business in two cells counts twice in a sum: the greatest cell is the number that is known to be reached.
        StatisticsCell total = new(group, Total, cells.Sum(cell => cell.Users), cells.Count == 0 ? 0 : cells.Max(cell => cell.Businesses));
        if (!MayLeave(total))
        {
            yield break;
        }

        List<StatisticsCell> kept = Keep(cells);
        yield return Blur(total, parts, noise);
        foreach (StatisticsCell cell in kept.OrderBy(cell => cell.Part, StringComparer.Ordinal))
        {
            yield return Blur(cell, parts, noise);
        }
    }

    /// <summary>Without those that may not leave, nor those that would give them away.</summary>
    private static List<StatisticsCell> Keep(List<StatisticsCell> cells)
    {
        Queue<StatisticsCell> kept = new(cells.Where(MayLeave).OrderBy(cell => cell.Users).ThenBy(cell => cell.Part, StringComparer.Ordinal));
        List<StatisticsCell> missing = [.. cells.Where(cell => !MayLeave(cell))];
        while (missing.Count > 0 && kept.Count > 0 && (missing.Count == 1 || missing.Sum(cell => cell.Users) < FewestUsers))
        {
            missing.Add(kept.Dequeue());
        }

        return [.. kept];
    }

    private static bool MayLeave(StatisticsCell cell) => cell.Users >= FewestUsers && cell.Businesses >= FewestBusinesses;

    private static ReleasedCell Blur(StatisticsCell cell, int parts, Func<int, int> noise)
    {
        // Whoever reads a number below the threshold would think that it was broken.
        long noisy = Math.Max(FewestUsers, cell.Users + noise(parts));
        return new ReleasedCell(cell.Group, cell.Part, (noisy + (Step / 2)) / Step * Step);
    }
}

using Relay.Shared.Transport.Statistics;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Integrity;

public sealed class StatisticsReleaseTests
{
    [Fact]
    public void Over_a_thousand_populations_nothing_small_leaves_and_nothing_small_can_be_worked_out()
    {
        SeededRandom random = new(11);
        int left = 0;
        for (int population = 0; population < 1_000; population++)
        {
            List<StatisticsCell> cells =
            [
                .. from @group in Enumerable.Range(0, 1 + random.Below(3))
                   from part in Enumerable.Range(0, 1 + random.Below(8))
                   select new StatisticsCell($"g{@group}", $"{part}", random.Below(1 << random.Below(12)), random.Below(12)),
            ];
            IReadOnlyList<ReleasedCell> released = StatisticsRelease.Make(cells, _ => 0);
            left += released.Count;
            foreach (IGrouping<string, StatisticsCell> one in cells.GroupBy(cell => cell.Group))
            {
                List<ReleasedCell> of = [.. released.Where(cell => cell.Group == one.Key)];
                HashSet<string> parts = [.. of.Select(cell => cell.Part)];
                Assert.DoesNotContain(one, cell => (cell.Users < 20 || cell.Businesses < 5) && parts.Contains(cell.Part));
                Assert.All(of, cell => Assert.True(cell.Users >= 20 && cell.Users % 10 == 0));
                List<StatisticsCell> missing = [.. one.Where(cell => !parts.Contains(cell.Part))];
                Assert.True(of.Count == 0 || missing.Count == 0 || (missing.Count >= 2 && missing.Sum(cell => cell.Users) >= 20) || of is [{ Part: StatisticsRelease.Total }]);
                Assert.True(of.Count == 0 || parts.Contains(StatisticsRelease.Total));
            }
        }

        Assert.InRange(left, 1_000, 10_000);
    }

    [Fact]
    public void One_small_cell_takes_the_smallest_of_the_others_with_it()
    {
        StatisticsCell[] cells = [new("g", "1", 500, 9), new("g", "44", 30, 6), new("g", "49", 19, 9), new("g", "91", 200, 5)];
        Assert.Equal([("ALL", 750), ("1", 500), ("91", 200)], StatisticsRelease.Make(cells, _ => 0).Select(cell => (cell.Part, cell.Users)));
    }

    [Fact]
    public void A_group_that_is_small_as_a_whole_is_left_out() =>
        Assert.Empty(StatisticsRelease.Make([new("g", "1", 10, 9), new("g", "2", 9, 9)], _ => 0));

    /// <summary>All numbers that one user-day is in share one ε.</summary>
    [Fact]
    public void Every_number_bears_its_share_of_epsilon()
    {
        List<int> asked = [];
        StatisticsCell[] cells = [new("a", "1", 500, 9), new("b", "1", 300, 6)];
        int Noise(int n)
        {
            asked.Add(n);
            return 7;
        }

        IReadOnlyList<ReleasedCell> released = StatisticsRelease.Make(cells, Noise);
        Assert.Equal([4, 4, 4, 4], asked);
        Assert.Equal([510L, 510, 310, 310], released.Select(cell => cell.Users));
    }
}

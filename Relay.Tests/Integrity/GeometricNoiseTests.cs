using Relay.Shared.Transport.Statistics;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>A million draws of a counted seed: what a neighbour's input can change of what comes out.</summary>
public sealed class GeometricNoiseTests
{
    private const int Draws = 1_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Dropping_one_user_day_changes_no_outcome_by_more_than_e_to_epsilon(int n)
    {
        double e = Math.Exp(1.0 / n);
        SortedDictionary<int, int> with = Histogram(100, n, 1);
        SortedDictionary<int, int> without = Histogram(99, n, 2);
        int compared = 0;
        foreach ((int outcome, int count) in with)
        {
            int other = without.GetValueOrDefault(outcome);
            if (Math.Min(count, other) < 2_000)
            {
                continue;
            }

            // Five standard deviations of a ratio of two such counts.
            double slack = 1 + (5 * Math.Sqrt((1.0 / count) + (1.0 / other)));
            Assert.InRange((double)count / other, 1 / (e * slack), e * slack);
            compared++;
        }

        Assert.InRange(compared, 10, 200);
    }

    /// <summary>The factor is reached: noise that was too strong would pass the test above, and one that was too weak as well.</summary>
    [Fact]
    public void The_distribution_is_the_geometric_one()
    {
        SortedDictionary<int, int> drawn = Histogram(0, 1, 3);
        double a = Math.Exp(-1);
        for (int k = -5; k <= 5; k++)
        {
            double expected = Draws * (1 - a) / (1 + a) * Math.Pow(a, Math.Abs(k));
            Assert.InRange(drawn[k], expected - (5 * Math.Sqrt(expected)), expected + (5 * Math.Sqrt(expected)));
        }

        Assert.Equal(0, drawn.Sum(bin => (double)bin.Key * bin.Value) / Draws, 0.01);
    }

    [Fact]
    public void The_real_source_draws_too()
    {
        int[] drawn = [.. Enumerable.Range(0, 2_000).Select(_ => GeometricNoise.Draw(1))];
        Assert.InRange(drawn.Distinct().Count(), 5, 60);
        Assert.InRange(drawn.Average(), -0.5, 0.5);
        Assert.Throws<ArgumentOutOfRangeException>(() => GeometricNoise.Draw(0));
    }

    private static SortedDictionary<int, int> Histogram(int count, int n, ulong seed)
    {
        SeededRandom random = new(seed);
        SortedDictionary<int, int> outcomes = [];
        for (int i = 0; i < Draws; i++)
        {
            int outcome = count + GeometricNoise.Draw(n, random.Below);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        return outcomes;
    }
}

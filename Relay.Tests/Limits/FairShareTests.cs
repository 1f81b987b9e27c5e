using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Limits;
using Relay.Shared.Primitives;
using Xunit;

namespace Relay.Tests.Limits;

public sealed class FairShareTests
{
    private static readonly BusinessId Loud = BusinessId.Parse("1001");
    private static readonly BusinessId Quiet = BusinessId.Parse("1002");
    private static readonly BusinessId Silent = BusinessId.Parse("1003");

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(0, 1_000, 100)]
    [InlineData(0.2, 780, 100)]
    [InlineData(0.5, 450, 100)]
    [InlineData(0.9, 55, 55)]
    [InlineData(1, 0, 0)]
    public void Who_asks_for_most_is_refused_first(double refused, int loud, int quiet)
    {
        FairShares shares = new(_time);
        Assert.Equal((1_000, 100), Window(shares, 0));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal((loud, quiet), Window(shares, refused));
        }

        Assert.Equal((1_000, 100), Window(shares, 0));
    }

    [Fact]
    public void A_newcomer_is_not_made_to_pay()
    {
        FairShares shares = new(_time);
        Window(shares, 0);
        Window(shares, 0.5);
        _time.Advance(FairShares.Window);
        Assert.Equal(50, Enumerable.Range(0, 50).Count(_ => shares.TryEnter(Silent, 0.5)));
    }

    [Fact]
    public void After_a_silence_only_the_hard_limit_refuses()
    {
        FairShares shares = new(_time);
        Window(shares, 0.5);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(shares.TryEnter(Loud, 0.9));
        Assert.False(shares.TryEnter(Loud, 1));
    }

    private (int Loud, int Quiet) Window(FairShares shares, double refused)
    {
        _time.Advance(FairShares.Window);
        int loud = 0;
        int quiet = 0;
        for (int i = 0; i < 100; i++)
        {
            loud += Enumerable.Range(0, 10).Count(_ => shares.TryEnter(Loud, refused));
            quiet += shares.TryEnter(Quiet, refused) ? 1 : 0;
        }

        return (loud, quiet);
    }
}

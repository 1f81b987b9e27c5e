using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Primitives;
using Relay.Shared.Webhooks;
using Xunit;

namespace Relay.Tests.Webhooks;

public sealed class EndpointBreakerTests
{
    private static readonly EndpointKey Business = new(BusinessId.Parse("1001"), SubscriberId.App);
    private static readonly EndpointKey Other = new(BusinessId.Parse("1001"), SubscriberId.Waba);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void After_ten_failures_in_a_row_one_call_a_minute_is_let_through()
    {
        EndpointBreakers breakers = Failing(EndpointBreakers.FailuresToOpen);
        Assert.False(breakers.TryEnter(Business));
        Assert.True(breakers.TryEnter(Other));

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(breakers.TryEnter(Business));
        Assert.False(breakers.TryEnter(Business));
        breakers.Failed(Business);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(breakers.TryEnter(Business));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(breakers.TryEnter(Business));
    }

    [Fact]
    public void One_success_closes_it_and_nine_failures_do_not_open_it()
    {
        EndpointBreakers breakers = Failing(EndpointBreakers.FailuresToOpen);
        breakers.Succeeded(Business);
        Assert.True(breakers.TryEnter(Business));

        for (int i = 1; i < EndpointBreakers.FailuresToOpen; i++)
        {
            breakers.Failed(Business);
        }

        Assert.True(breakers.TryEnter(Business));
    }

    private EndpointBreakers Failing(int times)
    {
        EndpointBreakers breakers = new(_time);
        for (int i = 0; i < times; i++)
        {
            Assert.True(breakers.TryEnter(Business));
            breakers.Failed(Business);
        }

        return breakers;
    }
}

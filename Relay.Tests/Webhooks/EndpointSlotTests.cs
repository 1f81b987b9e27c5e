using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Conversations;
using Relay.Shared.Primitives;
using Relay.Shared.Webhooks;
using Xunit;

namespace Relay.Tests.Webhooks;

/// <summary>How many calls an endpoint may hold, and what waits for it in order.</summary>
public sealed class EndpointSlotTests
{
    private static readonly EndpointKey One = new(BusinessId.Parse("1001"), SubscriberId.App);
    private static readonly EndpointKey Other = new(BusinessId.Parse("1001"), SubscriberId.Waba);
    private static readonly ConversationKey Key = new(BusinessId.Parse("1001"), ConversationId.Create());

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void An_endpoint_holds_so_many_calls_and_takes_none_from_another()
    {
        EndpointSlots slots = new(_time);
        Assert.All(Enumerable.Range(0, EndpointSlots.MaxFirst), _ => Assert.True(slots.TryTake(One, isFirst: true)));
        Assert.False(slots.TryTake(One, isFirst: true));
        Assert.True(slots.TryTake(Other, isFirst: true));
        Assert.True(slots.TryTake(One, isFirst: false));
        slots.GiveBack(One, isFirst: true);
        Assert.True(slots.TryTake(One, isFirst: true));
    }

    [Fact]
    public void A_slow_one_gets_no_first_attempts_for_a_minute()
    {
        EndpointSlots slots = new(_time);
        slots.WasSlow(One);
        Assert.False(slots.TryTake(One, isFirst: true));
        Assert.True(slots.TryTake(One, isFirst: false));
        Assert.True(slots.TryTake(Other, isFirst: true));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(slots.TryTake(One, isFirst: true));
    }

    [Fact]
    public void A_line_is_in_order_each_row_once_and_for_a_minute()
    {
        TellBacklog backlog = new(_time);
        DateTimeOffset start = _time.GetUtcNow();
        Assert.Null(backlog.WaitUntil(One, Key));
        backlog.Add(One, Key, "R:1", start.AddSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(30));
        backlog.Add(One, Key, "R:2", start.AddSeconds(35));
        backlog.Add(One, Key, "R:1", start.AddSeconds(90));
        Assert.Equal(start.AddSeconds(35), backlog.WaitUntil(One, Key));
        Assert.Null(backlog.WaitUntil(Other, Key));
        Assert.Equal(("R:1", start.AddSeconds(5)), (backlog.Before(One, Key, "R:2")?.RowKey, backlog.Before(One, Key, "R:2")?.Due));
        Assert.Null(backlog.Before(One, Key, "R:1"));
        Assert.Null(backlog.Before(One, Key, "R:3"));

        backlog.Defer(One, Key, "R:1", start.AddSeconds(35));
        Assert.Equal(start.AddSeconds(35), backlog.First(One, Key)?.Due);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("R:2", backlog.First(One, Key)?.RowKey);
        backlog.Remove(One, Key, "R:2");
        Assert.Null(backlog.WaitUntil(One, Key));
    }

    [Fact]
    public void One_at_a_time_goes_along_a_line()
    {
        TellBacklog backlog = new(_time);
        IDisposable? turn = backlog.TryLead(One, Key);
        Assert.NotNull(turn);
        Assert.Null(backlog.TryLead(One, Key));
        using (IDisposable? another = backlog.TryLead(Other, Key))
        {
            Assert.NotNull(another);
        }

        backlog.Add(One, Key, "R:1", _time.GetUtcNow());
        turn.Dispose();
        Assert.Equal("R:1", backlog.First(One, Key)?.RowKey);
        using IDisposable? next = backlog.TryLead(One, Key);
        Assert.NotNull(next);
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Limits;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Limits;

public sealed class QueueBacklogTests
{
    private static readonly RelayLimits Limits = new() { BacklogSoft = 10, BacklogHard = 30 };

    private readonly FakeTimeProvider _time = new();
    private readonly FaultPlan _plan = FaultPlan.Nothing();

    [Fact]
    public async Task A_hundred_requests_cost_one_look_and_time_limits_it()
    {
        QueueBacklog backlog = await OpenAsync(Limits);
        Ask(backlog, 99);
        Assert.Empty(_plan.Calls);
        Ask(backlog, 1_000);
        Assert.Equal(["queue:count outbound", "queue:count inbound"], _plan.Calls.Select(call => $"{call.Name} {call.Target}"));

        _time.Advance(QueueBacklog.Interval);
        Ask(backlog, 1);
        Assert.Equal(4, _plan.Calls.Count);
        _time.Advance(QueueBacklog.Interval);
        Ask(backlog, 99);
        Assert.Equal(4, _plan.Calls.Count);
    }

    [Theory]
    [InlineData(10, 0, 0, 0)]
    [InlineData(15, 0, 0.25, 0)]
    [InlineData(30, 0, 1, 0)]
    [InlineData(90, 0, 1, 0)]
    [InlineData(0, 20, 0.5, 0.5)]
    [InlineData(25, 30, 1, 1)]
    public async Task Pressure_grows_from_the_soft_to_the_hard_limit(int outbound, int inbound, double sends, double envelopes)
    {
        QueueBacklog backlog = await OpenAsync(Limits, outbound, inbound);
        Ask(backlog, 100);
        Assert.Equal((sends, envelopes), (backlog.Outbound(), backlog.Inbound()));
    }

    [Fact]
    public async Task Under_pressure_each_look_is_due_by_time_alone_and_ends_with_the_backlog()
    {
        MemoryAccount account = new(_time);
        QueueBacklog backlog = await OpenAsync(Limits, account, outbound: 30);
        Ask(backlog, 100);
        Assert.Equal(1, backlog.Outbound());

        await TakeAsync(account, 30);
        _time.Advance(QueueBacklog.Interval);
        Ask(backlog, 1);
        Assert.Equal(0, backlog.Outbound());
    }

    [Fact]
    public async Task What_was_seen_long_ago_refuses_nothing()
    {
        bool isAway = false;
        QueueBacklog backlog = await OpenAsync(Limits, new MemoryAccount(_time), 30, plan: new FaultPlan(_ => isAway ? Fault.RequestLost : null));
        Ask(backlog, 100);
        Assert.Equal(1, backlog.Outbound());
        isAway = true;
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(1, backlog.Outbound());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, backlog.Outbound());
    }

    [Fact]
    public async Task Without_a_soft_limit_nothing_is_looked_at()
    {
        QueueBacklog backlog = await OpenAsync(RelayLimits.Lifted, outbound: 100);
        Ask(backlog, 1_000);
        Assert.Equal(0, backlog.Outbound());
        Assert.Empty(_plan.Calls);
    }

    private static void Ask(QueueBacklog backlog, int times)
    {
        for (int i = 0; i < times; i++)
        {
            backlog.Outbound();
        }
    }

    private static async Task TakeAsync(MemoryAccount account, int count)
    {
        while (count > 0)
        {
            foreach (QueueItem item in await account.Queues.ReceiveAsync(QueueNames.Outbound, Math.Min(count, 32), TimeSpan.FromMinutes(1), CancellationToken.None))
            {
                Assert.True(await account.Queues.DeleteAsync(QueueNames.Outbound, item, CancellationToken.None));
                count--;
            }
        }
    }

    private Task<QueueBacklog> OpenAsync(RelayLimits limits, int outbound = 0, int inbound = 0) => OpenAsync(limits, new MemoryAccount(_time), outbound, inbound);

    private async Task<QueueBacklog> OpenAsync(RelayLimits limits, MemoryAccount account, int outbound = 0, int inbound = 0, FaultPlan? plan = null)
    {
        await account.Queues.EnsureQueuesAsync(QueueNames.OfRelay, CancellationToken.None);
        foreach (string queue in Enumerable.Repeat(QueueNames.Outbound, outbound).Concat(Enumerable.Repeat(QueueNames.Inbound, inbound)))
        {
            await account.Queues.SendAsync(queue, "x", TimeSpan.Zero, TimeSpan.FromDays(1), CancellationToken.None);
        }

        return new QueueBacklog(new FaultyQueueStore(account.Queues, plan ?? _plan, "relay"), limits, _time, NullLogger<QueueBacklog>.Instance);
    }
}

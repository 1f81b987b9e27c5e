using System.Globalization;
using System.Net;
using Relay.Shared.Limits;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Limits;

/// <summary>Workers that stand still, and what is accepted meanwhile.</summary>
public sealed class BackPressureTests
{
    private static readonly RelayLimits Limits = RelayLimits.Lifted with { BacklogSoft = 200, BacklogHard = 400 };

    [Fact]
    public async Task Who_floods_is_slowed_down_first_and_nothing_that_was_accepted_is_lost()
    {
        await using PairWorld world = await StartAsync();
        TestBusiness quiet = await world.Running.BusinessAsync(null);
        List<PostAnswer> loud = [];
        int refusedQuiet = 0;
        for (int second = 0; second < 30; second++)
        {
            for (int i = 0; i < 20; i++)
            {
                loud.Add(await SendAsync(world.Business, $"{loud.Count}"));
            }

            refusedQuiet += (await SendAsync(quiet, "Now and then")).Code == 0 ? 0 : 1;
            world.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(0, refusedQuiet);
        PostAnswer[] refused = [.. loud.Where(answer => answer.Code != 0)];
        Assert.NotEmpty(refused);
        Assert.All(refused, answer => Assert.Equal((HttpStatusCode.TooManyRequests, 80007), (answer.Status, answer.Code)));
        Assert.InRange(refused[^1].RetryAfter ?? 0, 45, 60);
        Assert.Equal(refused.Select(answer => answer.RetryAfter).Order(), refused.Select(answer => answer.RetryAfter));
        Assert.InRange(await world.Relay.Queues.CountAsync(QueueNames.Outbound, CancellationToken.None), 350, 400);

        // The workers come back: everything that was accepted ends, and the next message is taken.
        string[] accepted = [.. loud.Where(answer => answer.Code == 0).Select(answer => answer.Id)];
        await world.DrainAsync();
        Assert.Empty(accepted.Except(world.Webhook.Told().Select(told => told.Split(':')[1])));
        world.Time.Advance(TimeSpan.FromSeconds(2));
        await SendAsync(world.Business, "Perhaps too early");
        Assert.Equal(0, (await SendAsync(world.Business, "Room again")).Code);
    }

    [Fact]
    public async Task What_users_send_is_kept_by_the_transport_and_comes_when_there_is_room()
    {
        await using PairWorld world = await StartAsync(RelayLimits.Lifted with { BacklogSoft = 1, BacklogHard = 2 });
        for (int i = 0; i < 3; i++)
        {
            await world.Relay.Queues.SendAsync(QueueNames.Inbound, "not ours", TimeSpan.FromSeconds(100), TimeSpan.FromDays(1), CancellationToken.None);
        }

        for (int i = 0; i < 100; i++)
        {
            await SendAsync(world.Business, "Makes the relay look");
        }

        string[] before = [.. world.Relay.Dump()];
        await world.UserSendsAsync("In a bad moment");
        await world.DrainAsync();
        Assert.DoesNotContain(world.Webhook.Told(), told => told.StartsWith("message:", StringComparison.Ordinal));
        Assert.Single(world.Transport.Rows(TableNames.Pushes), row => row.RowKey.StartsWith("M:", StringComparison.Ordinal));
        Assert.Equal(1, await world.Transport.Queues.CountAsync(QueueNames.Push, CancellationToken.None));
        Assert.Equal(3, await world.Relay.Queues.CountAsync(QueueNames.Inbound, CancellationToken.None));
        Assert.NotEmpty(before);

        world.Time.Advance(TimeSpan.FromSeconds(99));
        await RemoveAsync(world);
        world.Time.Advance(TimeSpan.FromMinutes(3));
        await world.DrainAsync();
        Assert.Single(world.Webhook.Told(), told => told.StartsWith("message:", StringComparison.Ordinal));
        Assert.DoesNotContain(world.Transport.Rows(TableNames.Pushes), row => row.RowKey.StartsWith("M:", StringComparison.Ordinal));
    }

    private static Task<PairWorld> StartAsync(RelayLimits? limits = null) =>
        PairWorld.StartAsync(PreparedPair.Strangers, change: options => options with { Limits = limits ?? Limits });

    private static Task<PostAnswer> SendAsync(TestBusiness business, string text) => business.PostKeyedAsync(
        TestBusiness.Text("+4917" + (string.GetHashCode(text, StringComparison.Ordinal) & 0x3ff).ToString("D8", CultureInfo.InvariantCulture), text));

    private static async Task RemoveAsync(PairWorld world)
    {
        world.Time.Advance(TimeSpan.FromSeconds(1));
        foreach (QueueItem item in await world.Relay.Queues.ReceiveAsync(QueueNames.Inbound, 32, TimeSpan.FromMinutes(1), CancellationToken.None))
        {
            Assert.True(await world.Relay.Queues.DeleteAsync(QueueNames.Inbound, item, CancellationToken.None));
        }
    }
}

using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Shared.Hosting;
using Relay.Shared.Limits;
using Relay.Shared.Transport.Integrity.Windows;
using Relay.Shared.Webhooks;
using Relay.Tests.Administration;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>A business that messages thousands, over HTTP on two instances, comes as far as its tier to the user, whatever is restarted, repeated or answered meanwhile.</summary>
public sealed class FanOutTests
{
    private const int Users = 3_000;
    private const int FirstWave = 400;
    private const int AskedAgain = 100;
    private const int Writers = 20;
    private const int TierLimit = 131048;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Of_three_thousand_users_250_are_reached_and_2000_a_tier_later_and_no_restart_repeat_or_answer_changes_that()
    {
        FakeTimeProvider time = AdminWorld.Clock();
        using TwiceHandler twice = new(OutgoingHttp.CreateTransportHandler());
        using OutgoingHttp outgoing = new(new HttpClient(twice), new HttpMessageInvoker(WebhookClient.CreateHandler(new PublicConnect(allowLoopback: true))));
        LocalRelayOptions options = TwoOn(new MemoryAccount(time), new MemoryAccount(time), time) with { OutgoingHttp = outgoing };
        await using JudgedBusiness judged = await JudgedBusiness.StartAsync(options);
        TestRelay second = await TestRelay.StartAsync(options);
        try
        {
            Flock flock = await Flock.GatherAsync(judged.Relay, Users);
            string[] users = [.. flock.Numbers.Select(number => number.E164)];

            // Tier 250: what is under way when it is full fails, what comes later is refused at the door.
            int accepted = await SendAsync(judged, second, users[..FirstWave]);
            await DrainAsync(judged.Relay, second);
            accepted += await SendAsync(judged, second, users[FirstWave..]);
            await SettleAsync(judged, second, time, accepted);
            HashSet<string> first = Reached(judged);
            Assert.Equal(250, first.Count);
            Assert.Equal((250L, 250L), (await judged.UsedAsync(), await UsedAsync(second, judged)));
            Assert.Equal(accepted - 250, judged.Failed.DistinctBy(failed => TestRelay.Text(failed, "id")).Count());
            Assert.Equal(FirstWave, accepted);

            // Half of it was used: six hours later the rule raises it.
            await RateAsync(judged.Relay, second);
            Assert.Equal(("GREEN", "TIER_250"), await StandingAsync(judged.Business));
            time.Advance(TimeSpan.FromHours(6));
            await RateAsync(judged.Relay, second);
            Assert.Equal(("GREEN", "TIER_2K"), await StandingAsync(judged.Business));

            // Tier 2,000, to all who were not reached and some who were; an instance is restarted with work on the queue.
            string[] next = [.. users.Where(user => !first.Contains(user[1..])), .. first.Take(AskedAgain).Select(digits => "+" + digits)];
            accepted += await SendAsync(judged, second, next[..(next.Length / 2)]);
            await second.DrainAsync();
            accepted += await SendAsync(judged, second, next[(next.Length / 2)..]);
            await second.DisposeAsync();
            second = await TestRelay.StartAsync(options);
            await SettleAsync(judged, second, time, accepted);
            HashSet<string> reached = Reached(judged);
            Assert.Equal(2_000, reached.Count);
            Assert.Equal((2_000L, 2_000L), (await judged.UsedAsync(), await UsedAsync(second, judged)));

            // Who writes is answered, and is nobody more; who doesn't is not reached.
            await AnswerAsync(judged);
            accepted += Writers + await SendAsync(judged, second, [.. users.Where(user => !reached.Contains(user[1..])).Take(AskedAgain)]);
            await SettleAsync(judged, second, time, accepted);
            Assert.Equal(2_000 + Writers, Reached(judged).Count);
            Assert.Equal((2_000L, 2_000L), (await judged.UsedAsync(), await UsedAsync(second, judged)));

            int[] waiting = await flock.WaitingAsync();
            Assert.Equal(2_000, waiting.Count(envelopes => envelopes > 0));
            Assert.Equal(2_000 + AskedAgain, waiting.Sum());
            Assert.All(judged.Failed, failed => Assert.Equal(TierLimit, failed.GetProperty("errors")[0].GetProperty("code").GetInt32()));
            Assert.True(twice.Repeated >= 2_000 + AskedAgain + Writers);
            Assert.Empty(judged.Relay.Faults.Concat(second.Faults));
        }
        finally
        {
            await second.DisposeAsync();
        }
    }

    /// <summary>Two instances of one Relay, each queue message delivered to one of them twice.</summary>
    private static LocalRelayOptions TwoOn(MemoryAccount relay, MemoryAccount transport, TimeProvider time) => new()
    {
        Time = time,
        Limits = RelayLimits.Lifted,
        DeliverTwice = true,
        RelayStorage = new(relay.Tables, relay.Queues, relay.Blobs),
        TransportStorage = new(transport.Tables, transport.Queues, transport.Blobs),
    };

    /// <summary>Sends to each, half of it through either instance; gives how many were accepted. The others must have been refused for the tier.</summary>
    private static async Task<int> SendAsync(JudgedBusiness judged, TestRelay second, string[] users)
    {
        TestBusiness[] doors = [judged.Business, judged.Business.At(second)];
        int accepted = 0;
        await Parallel.ForAsync(0, users.Length, new ParallelOptions { MaxDegreeOfParallelism = Flock.AtOnce }, async (index, _) =>
        {
            (HttpStatusCode status, JsonElement answer) = await doors[index % doors.Length].PostAsync(TestBusiness.Text(users[index], "Spring sale"));
            if (status == HttpStatusCode.OK)
            {
                Interlocked.Increment(ref accepted);
            }
            else
            {
                Assert.Equal(TierLimit, answer.GetProperty("error").GetProperty("code").GetInt32());
            }
        });
        return accepted;
    }

    private static async Task AnswerAsync(JudgedBusiness judged)
    {
        List<RawDevice> writers = [];
        for (int i = 0; i < Writers; i++)
        {
            RawDevice writer = await judged.Relay.RawDeviceAsync();
            await writer.OpenAsync(judged.Business.Number);
            await writer.SendTextAsync(judged.Business.Number, "Are you open?");
            writers.Add(writer);
        }

        await judged.Relay.DrainAsync();
        foreach (RawDevice writer in writers)
        {
            await judged.Business.SendTextAsync(writer.Number.E164, "Until six");
        }

        await judged.Relay.DrainAsync();
        foreach (RawDevice writer in writers)
        {
            Assert.Single(await writer.FetchAsync());
            writer.Dispose();
        }
    }

    /// <summary>Moves queues and clock until every message that was accepted is told as sent or failed.</summary>
    private static async Task SettleAsync(JudgedBusiness judged, TestRelay second, FakeTimeProvider time, int accepted)
    {
        for (int round = 0; round < 20; round++)
        {
            await DrainAsync(judged.Relay, second);
            if (judged.Statuses.DistinctBy(status => TestRelay.Text(status, "id")).Count() == accepted)
            {
                return;
            }

            time.Advance(TimeSpan.FromSeconds(31));
        }

        Assert.Fail("Not every message was told as sent or failed.");
    }

    private static Task DrainAsync(TestRelay first, TestRelay second) => Task.WhenAll(first.DrainAsync(), second.DrainAsync());

    private static async Task RateAsync(TestRelay first, TestRelay second)
    {
        await second.Local.InvokeTimerAsync("TransportRateBusinesses", None);
        await first.Local.InvokeTimerAsync("TransportRateBusinesses", None);
    }

    private static async Task<(string Quality, string Tier)> StandingAsync(TestBusiness business)
    {
        (_, JsonElement node) = await business.GetAsync($"v25.0/{business.PhoneNumberId}?fields=quality_rating,whatsapp_business_manager_messaging_limit");
        return (TestRelay.Text(node, "quality_rating"), TestRelay.Text(node, "whatsapp_business_manager_messaging_limit"));
    }

    private static async Task<long> UsedAsync(TestRelay instance, JudgedBusiness judged) =>
        (await instance.Local.Services.GetRequiredService<RecipientWindows>().CountAsync(judged.Business.Id, None)).Users;

    /// <summary>Users to whom anything was told as sent.</summary>
    private static HashSet<string> Reached(JudgedBusiness judged) =>
        [.. judged.Statuses.Where(status => TestRelay.Text(status, "status") == "sent").Select(status => TestRelay.Text(status, "recipient_id"))];
}

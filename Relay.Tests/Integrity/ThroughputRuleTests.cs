using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Shared.Accounts;
using Relay.Shared.Integrity.Watching;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Sketches;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Administration;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>A number comes to throughput level HIGH by what its business does, once, and never against what an operator has set.</summary>
public sealed class ThroughputRuleTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("TIER_UNLIMITED", "GREEN", 100_000, true)]
    [InlineData("TIER_UNLIMITED", "YELLOW", 100_000, true)]
    [InlineData("TIER_UNLIMITED", "GREEN", 99_999, false)]
    [InlineData("TIER_UNLIMITED", "RED", 100_000, false)]
    [InlineData("TIER_UNLIMITED", "UNKNOWN", 100_000, false)]
    [InlineData("TIER_100K", "GREEN", 100_000, false)]
    public void It_takes_no_limit_100_000_users_and_a_rating_that_is_not_red(string tier, string quality, long users, bool isEarned) =>
        Assert.Equal(isEarned, ThroughputRule.IsEarned(new StandingResponse(tier, quality, Restricted: false, users, Exhausted: false)));

    [Fact]
    public async Task Numbers_that_nobody_has_set_are_raised_and_told_once()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using AdminWorld world = await AdminWorld.StartAsync();
        TestBusiness business = await world.Running.BusinessAsync(receiver);
        string kept = await world.TextAsync(HttpMethod.Post, $"businesses/{business.Id}/phone_numbers", new { phone_number = "+12025550199", verified_name = "Kept" }, "id");
        await world.DoAsync(HttpMethod.Put, $"businesses/{business.Id}/phone_numbers/{kept}/throughput", new { level = "STANDARD" });
        await ReachAsync(world.Running.Local.Services.GetRequiredService<TransportStorage>(), business.Id, world.Time, 60_000);
        await WatchAsync(world);
        Assert.Equal("STANDARD", await LevelAsync(business, business.PhoneNumberId));

        await ReachAsync(world.Running.Local.Services.GetRequiredService<TransportStorage>(), business.Id, world.Time.GetUtcNow().AddHours(-3), 60_000);
        world.Time.Advance(TimeSpan.FromHours(1));
        await WatchAsync(world);
        await WatchAsync(world);
        Assert.Equal("HIGH", await LevelAsync(business, business.PhoneNumberId));
        Assert.Equal("STANDARD", await LevelAsync(business, kept));
        Delivery told = Assert.Single(receiver.Deliveries);
        Assert.Equal(
            $$$"""{"field":"phone_number_quality_update","value":{"display_phone_number":"{{{business.Digits}}}","event":"THROUGHPUT_UPGRADE","current_limit":"TIER_UNLIMITED"}}""",
            JsonDocument.Parse(Encoding.UTF8.GetString(told.Body)).RootElement.GetProperty("entry")[0].GetProperty("changes")[0].GetRawText());
        Assert.True(told.IsSignedBy(business.AppSecret));

        await world.DoAsync(HttpMethod.Put, $"businesses/{business.Id}/phone_numbers/{business.PhoneNumberId}/throughput", new { level = "STANDARD" });
        await WatchAsync(world);
        Assert.Equal("STANDARD", await LevelAsync(business, business.PhoneNumberId));
        Assert.Empty(world.Running.Faults);
    }

    /// <summary>The process died before it told; since then the business has messaged fewer.</summary>
    [Fact]
    public async Task What_was_raised_is_told_also_when_it_is_earned_no_more()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using AdminWorld world = await AdminWorld.StartAsync();
        TestBusiness business = await world.Running.BusinessAsync(receiver);
        NumberStore numbers = world.Running.Local.Services.GetRequiredService<NumberStore>();
        Assert.True(await numbers.RaiseThroughputAsync(BusinessId.Parse(business.Id), PhoneNumberId.Parse(business.PhoneNumberId), None));
        Assert.False(await numbers.RaiseThroughputAsync(BusinessId.Parse(business.Id), PhoneNumberId.Parse(business.PhoneNumberId), None));
        await WatchAsync(world);
        await WatchAsync(world);
        Assert.Contains("THROUGHPUT_UPGRADE", Encoding.UTF8.GetString(Assert.Single(receiver.Deliveries).Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_at_any_call_it_is_raised_nevertheless_and_told_twice_at_worst()
    {
        IReadOnlySet<string> covered = await FaultSweep.RunAsync(async plan =>
        {
            await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan);
            TransportStorage transport = new(world.Transport.Tables, world.Transport.Queues, world.Transport.Blobs);
            await ReachAsync(transport, world.Business.Id, world.Time, 110_000);
            for (int run = 0; run < 3; run++)
            {
                await world.TimerAsync("WatchStandings");
                await world.SettleAsync();
            }

            Delivery[] told = [.. world.Webhook.Deliveries.Where(delivery => delivery.Accepted)];
            Assert.InRange(told.Length, 1, 2);
            Assert.Single(told.Select(delivery => delivery.Id).Distinct());
            Assert.Equal("HIGH", world.Relay.Rows(TableNames.Numbers).Single(row => row.RowKey == world.Business.PhoneNumberId).Get("throughput", string.Empty));
        });
        Assert.Superset(new HashSet<string> { "relay table:get numbers", "relay table:commit numbers", "relay table:commit conversations" }, covered.ToHashSet());
    }

    private static Task ReachAsync(TransportStorage storage, string business, TimeProvider time, int users) => ReachAsync(storage, business, time.GetUtcNow(), users);

    /// <summary>A business without a limit that is well rated and has messaged so many users in an hour, as it lies in the transport's tables.</summary>
    private static async Task ReachAsync(TransportStorage storage, string business, DateTimeOffset at, int users)
    {
        Hour hour = Hour.Of(at);
        byte[] item = new byte[sizeof(ulong)];
        ListedBusinesses listed = new(storage, TimeProvider.System);
        await new SketchStore(storage, listed).ChangeAsync(
            business,
            SketchStore.RowKey(SketchKind.Initiated, UtcDay.Of(at).AddDays(-1), hour),
            sketch =>
            {
                for (int i = 0; i < users; i++)
                {
                    RandomNumberGenerator.Fill(item);
                    sketch.Add(BinaryPrimitives.ReadUInt64BigEndian(item));
                }

                return true;
            },
            None);
        await new StandingStore(storage, listed, new NewBusinessTier(MessagingTier.Tier250), TimeProvider.System)
            .ChangeAsync(business, before => before with { Tier = MessagingTier.Unlimited, IsTierFixed = true, Quality = QualityRating.Green }, None);
    }

    private static async Task WatchAsync(AdminWorld world)
    {
        await world.Running.Local.InvokeTimerAsync("WatchStandings", None);
        await world.Running.DrainAsync();
    }

    private static async Task<string?> LevelAsync(TestBusiness business, string number) =>
        (await business.GetAsync($"v25.0/{number}?fields=throughput").OkAsync()).GetProperty("throughput").GetProperty("level").GetString();
}

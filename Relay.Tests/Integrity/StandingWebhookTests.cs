using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Tests.Administration;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>What a business is told when its tier, its quality or a restriction changes: once, signed, with retries, whatever breaks.</summary>
public sealed class StandingWebhookTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Tier_quality_and_restriction_are_told_once_each_as_the_cloud_api_has_them()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using AdminWorld world = await AdminWorld.StartAsync();
        TestBusiness business = await world.Running.BusinessAsync(receiver);
        string path = $"businesses/{business.Id}/integrity";
        await WatchAsync(world);
        Assert.Empty(receiver.Deliveries);

        await world.DoAsync(HttpMethod.Put, path, new { tier = "TIER_2K" });
        await WatchAsync(world);
        Assert.Equal(Body(business, world, Quality(business, "UPGRADE", "TIER_2K", "TIER_250")), Told(receiver, 0));
        await ChangeAsync(world, business, standing => standing with { Quality = QualityRating.Red });
        await WatchAsync(world);
        Assert.Equal(Body(business, world, Quality(business, "FLAGGED", "TIER_2K", "TIER_2K")), Told(receiver, 1));
        await ChangeAsync(world, business, standing => standing with { Quality = QualityRating.Yellow, Tier = MessagingTier.Tier250 });
        await WatchAsync(world);
        Assert.Equal(Body(business, world, Quality(business, "DOWNGRADE", "TIER_250", "TIER_2K")), Told(receiver, 2));
        Assert.Equal(Body(business, world, Quality(business, "UNFLAGGED", "TIER_250", "TIER_250")), Told(receiver, 3));
        await ChangeAsync(world, business, standing => standing with { Quality = QualityRating.Green });
        await world.DoAsync(HttpMethod.Put, path, new { restricted = true });
        await WatchAsync(world);
        Assert.Equal(
            Body(business, world, """{"field":"account_update","value":{"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"RESTRICTED_BIZ_INITIATED_MESSAGING"}]}}"""),
            Told(receiver, 4));
        await world.DoAsync(HttpMethod.Put, path, new { restricted = false });
        await WatchAsync(world);
        await WatchAsync(world);
        Assert.Equal(Body(business, world, """{"field":"account_update","value":{"event":"ACCOUNT_RESTRICTION","restriction_info":[]}}"""), Told(receiver, 5));
        Assert.Equal(6, receiver.Deliveries.Count);
        Assert.All(receiver.Deliveries, delivery => Assert.True(delivery.IsSignedBy(business.AppSecret) && delivery.IsSignedByStandard(business.AppSecret)));
        Assert.Equal(6, receiver.Deliveries.Select(delivery => delivery.Id).Distinct().Count());
        Assert.Empty(world.Running.Faults);
    }

    [Fact]
    public async Task What_was_told_is_what_the_numbers_node_says_from_then_on()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        TestBusiness business = await world.Running.BusinessAsync(null);
        await WatchAsync(world);
        Assert.Equal("UNKNOWN", await QualityAsync(business));
        await ChangeAsync(world, business, standing => standing with { Quality = QualityRating.Red });
        await WatchAsync(world);
        Assert.Equal("RED", await QualityAsync(business));
    }

    [Fact]
    public async Task Only_who_wants_the_field_is_told()
    {
        await using WebhookReceiver messages = await WebhookReceiver.StartAsync();
        await using WebhookReceiver account = await WebhookReceiver.StartAsync();
        await using AdminWorld world = await AdminWorld.StartAsync();
        TestBusiness business = await world.Running.BusinessAsync(null);
        await business.AddSubscriberAsync(messages.Callback, messages.VerifyToken, null, "messages");
        await business.AddSubscriberAsync(account.Callback, account.VerifyToken, null, "account_update");
        await WatchAsync(world);
        await world.DoAsync(HttpMethod.Put, $"businesses/{business.Id}/integrity", new { restricted = true, tier = "TIER_2K" });
        await WatchAsync(world);
        Assert.Empty(messages.Deliveries);
        Assert.Equal("ACCOUNT_RESTRICTION", Event(Assert.Single(account.Deliveries)));
    }

    [Fact]
    public async Task A_failing_endpoint_is_told_again_and_what_was_told_leaves_storage_with_its_business()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        await world.TimerAsync("WatchStandings");
        await RestrictAsync(world);
        world.Webhook.Answer = _ => HttpStatusCode.InternalServerError;
        await world.TimerAsync("WatchStandings");
        await world.TimerAsync("WatchStandings");
        Assert.Single(world.Webhook.Deliveries);
        world.Webhook.Answer = _ => HttpStatusCode.OK;
        world.Time.Advance(TimeSpan.FromSeconds(5));
        await world.DrainAsync();
        Assert.Equal([false, true], world.Webhook.Deliveries.Select(delivery => delivery.Accepted));
        Assert.Single(world.Webhook.Deliveries.Select(delivery => delivery.Id).Distinct());
        Assert.Contains(world.Relay.Rows(TableNames.Details), row => row.RowKey == "standing");
        Assert.Contains(world.Relay.Rows(TableNames.Conversations), row => row.RowKey == "W:account:2:restriction");
        await world.Running.AdminAsync(HttpMethod.Delete, $"businesses/{world.Business.Id}", new { });
        await world.DrainAsync();
        Assert.DoesNotContain(world.Relay.Rows(TableNames.Details), row => row.RowKey == "standing");
        Assert.DoesNotContain(world.Relay.Rows(TableNames.Conversations), row => row.RowKey.StartsWith("W:account:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Killed_at_any_call_it_is_told_nevertheless_and_twice_at_worst()
    {
        IReadOnlySet<string> covered = await FaultSweep.RunAsync(async plan =>
        {
            await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan);
            await RestrictAsync(world);
            for (int run = 0; run < 3; run++)
            {
                await world.TimerAsync("WatchStandings");
                await world.SettleAsync();
            }

            Delivery[] told = [.. world.Webhook.Deliveries.Where(delivery => delivery.Accepted)];
            Assert.InRange(told.Length, 1, 2);
            Assert.Single(told.Select(delivery => delivery.Id).Distinct());
            Assert.All(told, delivery => Assert.Equal("ACCOUNT_RESTRICTION", Event(delivery)));
        });
        Assert.Superset(
            new HashSet<string> { "relay table:get details", "relay table:commit details", "relay table:commit conversations", "relay http:business webhook", "relay http:transport standing" },
            covered.ToHashSet());
    }

    private static async Task WatchAsync(AdminWorld world)
    {
        await world.Running.Local.InvokeTimerAsync("WatchStandings", None);
        await world.Running.DrainAsync();
    }

    private static async Task<string> QualityAsync(TestBusiness business) =>
        TestRelay.Text((await business.GetAsync($"v25.0/{business.PhoneNumberId}?fields=quality_rating")).Answer, "quality_rating");

    private static async Task ChangeAsync(AdminWorld world, TestBusiness business, Func<BusinessStanding, BusinessStanding> change) =>
        await world.Running.Local.Services.GetRequiredService<StandingStore>().ChangeAsync(business.Id, change, None);

    /// <summary>In the transport's tables as they lie there, so that no fault strikes it.</summary>
    private static async Task RestrictAsync(PairWorld world) =>
        await new StandingStore(TransportOf(world), new ListedBusinesses(TransportOf(world), world.Time), new NewBusinessTier(MessagingTier.Tier250), world.Time)
            .ChangeAsync(world.Business.Id, standing => standing with { IsRestricted = true }, None);

    private static TransportStorage TransportOf(PairWorld world) => new(world.Transport.Tables, world.Transport.Queues, world.Transport.Blobs);

    private static string Told(WebhookReceiver receiver, int index) => Encoding.ASCII.GetString(receiver.Deliveries.ElementAt(index).Body);

    private static string? Event(Delivery delivery) => delivery.Value.GetProperty("event").GetString();

    private static string Quality(TestBusiness business, string what, string now, string before) =>
        $$$"""{"field":"phone_number_quality_update","value":{"display_phone_number":"{{{business.Digits}}}","event":"{{{what}}}","current_limit":"{{{now}}}","old_limit":"{{{before}}}"}}""";

    private static string Body(TestBusiness business, AdminWorld world, string change) =>
        $$"""{"object":"whatsapp_business_account","entry":[{"id":"{{business.WabaId}}","time":{{world.Time.GetUtcNow().ToUnixTimeSeconds()}},"changes":[{{change}}]}]}""";
}

using System.Net;
using System.Text.Json;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Replay;

/// <summary>Every call of a replay dies or is lost once, in each of five ways: what was acknowledged is told again all the same, under its old id.</summary>
public sealed class ReplayCrashTests
{
    private static readonly string[] Known =
    [
        "relay http:business webhook",
        "relay queue:delete replays", "relay queue:receive replays", "relay queue:send replays",
        "relay queue:delete webhooks", "relay queue:receive webhooks", "relay queue:send webhooks",
        "relay table:commit conversations", "relay table:get conversations", "relay table:query conversations", "relay table:query expiry",
        "relay table:get businesses", "relay table:get dek", "relay table:get numbers", "relay table:get subscriptions", "relay table:get tokens",
        "relay table:query subscriptions",
        "relay table:get audit", "relay table:commit audit",
    ];

    [Fact]
    public Task A_window_of_time() => SweepAsync((world, _) => new { since = world.Time.GetUtcNow().ToUnixTimeSeconds() - 3_600 });

    [Fact]
    public Task One_message() => SweepAsync((_, id) => new { message_id = id }, only: "sent");

    private static async Task SweepAsync(Func<PairWorld, string?, object> ask, string only = "")
    {
        IReadOnlySet<string> covered = await FaultSweep.RunAsync(async plan =>
        {
            plan.IsOver = true;
            await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, plan);
            await ReplayTests.SetWindowAsync(world, 7);
            string? id = await world.SendAsync("Hello");
            await world.UserSendsAsync("Hi");
            await world.DrainAsync();
            Delivery[] first = [.. world.Webhook.Deliveries];
            Assert.Equal(2, first.Length);
            if (only.Length > 0)
            {
                // With nothing in its caches.
                await world.RestartAsync();
            }

            plan.IsOver = false;
            object body = ask(world, id);
            if (!await TryReplayAsync(world, body))
            {
                await world.SettleAsync();
                Assert.True(await TryReplayAsync(world, body));
            }

            await world.SettleAsync();
            plan.IsOver = true;
            await ReplayTests.RunAsync(world);
            foreach (Delivery told in first.Where(delivery => delivery.Summary.StartsWith(only, StringComparison.Ordinal)))
            {
                Delivery[] all = [.. world.Webhook.Deliveries.Where(delivery => delivery.Summary == told.Summary && delivery.Accepted)];
                Assert.InRange(all.Length, 2, 4);
                Assert.Single(all.Select(delivery => delivery.Id + Convert.ToBase64String(delivery.Body)).Distinct());
            }

            Assert.Empty(world.Relay.Queues.Everything());
            Assert.All(world.Relay.Rows(TableNames.Conversations), row => Assert.False(row.Get("pending", false), row.RowKey));
            Assert.Empty(world.Oracle.Violations);
        });
        Assert.Empty(covered.Except(Known));
        Assert.Superset(new HashSet<string> { "relay queue:send replays", "relay queue:delete replays", "relay table:commit conversations", "relay queue:send webhooks" }, covered.ToHashSet());
    }

    private static async Task<bool> TryReplayAsync(PairWorld world, object body) =>
        (await world.Business.PostAsync(JsonSerializer.Serialize(body), path: $"relay/v1/phone_numbers/{world.Business.PhoneNumberId}/replay")).Status == HttpStatusCode.OK;
}

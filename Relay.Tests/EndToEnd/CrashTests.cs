using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>
/// Every call that leaves relay or transport during a message dies or is lost once, in each of five ways; then the process starts again
/// and the clock goes on. What was acknowledged arrives, no ratchet key is used twice, nothing stays in a queue.
/// A call under a new name fails these tests until it is added to <see cref="Known"/>: then somebody has seen that it is covered.
/// </summary>
public sealed class CrashTests
{
    private static readonly string[] Known =
    [
        "relay http:business webhook",
        "relay http:transport bundles", "relay http:transport envelopes", "relay http:transport identities", "relay http:transport keys",
        "relay queue:delete inbound", "relay queue:receive inbound", "relay queue:send inbound",
        "relay queue:delete outbound", "relay queue:receive outbound", "relay queue:send outbound",
        "relay table:commit conversations", "relay table:commit counts", "relay table:commit dek", "relay table:commit expiry", "relay table:commit lookup",
        "relay table:commit prekeys", "relay table:query businesses", "relay table:query numbers", "relay table:query prekeys",
        "relay table:get businesses", "relay table:get conversations", "relay table:get dek", "relay table:get lookup",
        "relay table:get numbers", "relay table:get prekeys", "relay table:get tokens", "relay table:query subscriptions",
        "transport http:push envelopes",
        "transport queue:delete push", "transport queue:receive push", "transport queue:send push",
        "transport table:commit dek", "transport table:commit devicekeys", "transport table:commit expiry", "transport table:commit mailbox", "transport table:commit pushes", "transport table:commit signals",
        "transport table:get accounts", "transport table:get dek", "transport table:get devicekeys", "transport table:get expiry", "transport table:get signals", "transport table:query signals",
        "transport table:get mailbox", "transport table:get pushes", "transport table:query devicekeys", "transport table:query mailbox",
    ];

    [Fact]
    public Task A_first_message_to_a_user() => SweepAsync(PreparedPair.Strangers, async world =>
    {
        await world.SendAsync("Hello");
        await world.SettleAsync();
    });

    [Fact]
    public Task A_later_message_and_its_receipt() => SweepAsync(PreparedPair.Acquainted, async world =>
    {
        await world.SendAsync("Again");
        await world.SettleAsync();
        await world.ReceiveAsync();
        await world.SettleAsync();
    });

    [Fact]
    public Task A_first_message_from_a_user() => SweepAsync(
        PreparedPair.Strangers,
        async world =>
        {
            await world.UserSendsAsync("Anybody there?");
            await world.SettleAsync();
        },
        world => Assert.Equal(59, world.Relay.Rows(TableNames.PreKeys).Count(row => row.RowKey.StartsWith("onetime:", StringComparison.Ordinal))));

    [Fact]
    public Task A_later_message_from_a_user() => SweepAsync(PreparedPair.Acquainted, async world =>
    {
        await world.UserSendsAsync("One more thing");
        await world.SettleAsync();
    });

    [Fact]
    public Task A_burst_to_a_user_and_its_receipts() => SweepAsync(PreparedPair.Acquainted, async world =>
    {
        await world.SendAsync("One");
        await world.SendAsync("Two");
        await world.SendAsync("Three");
        await world.SettleAsync();
        await world.ReceiveAsync();
        await world.SettleAsync();
    });

    [Fact]
    public Task A_burst_from_a_user() => SweepAsync(PreparedPair.Acquainted, async world =>
    {
        await world.UserSendsAsync("One");
        await world.UserSendsAsync("Two");
        await world.UserSendsAsync("Three");
        await world.SettleAsync();
    });

    [Fact]
    public Task A_message_that_the_relay_must_ask_for_again() => SweepAsync(PreparedPair.Acquainted, async world =>
    {
        await world.LoseRelaySessionAsync();
        await world.UserSendsAsync("Lost and found");
        await world.SettleAsync();
        await world.ReceiveAsync();
        await world.SettleAsync();
    });

    [Fact]
    public Task A_message_that_the_device_must_ask_for_again() => SweepAsync(PreparedPair.Acquainted, async world =>
    {
        await world.LosePhoneSessionAsync();
        await world.SendAsync("Lost and found");
        await world.SettleAsync();
        await world.ReceiveAsync();
        await world.SettleAsync();

        // Were the session not stored with what was encrypted again, this would use a key twice.
        await world.SendAsync("And more, in the same session");
        await world.SettleAsync();
        await world.ReceiveAsync();
        await world.SettleAsync();
    });

    [Fact]
    public Task First_messages_that_only_use_a_last_resort_key() => SweepAsync(
        PreparedPair.UsedUp,
        async world =>
        {
            await world.UserSendsAsync("Anybody there?");
            await world.UserSendsAsync("Hello?");
            await world.SettleAsync();
        },
        world => Assert.Single(world.Relay.Rows(TableNames.PreKeys), row => row.RowKey.StartsWith("used:", StringComparison.Ordinal)));

    /// <summary>Both are told everything, and each row is done with.</summary>
    [Fact]
    public Task A_message_each_way_told_to_two_subscribers() => SweepAsync(
        PreparedPair.TwoSubscribers,
        async world =>
        {
            await world.SendAsync("To one");
            await world.SettleAsync();
            await world.ReceiveAsync();
            await world.UserSendsAsync("And back");
            await world.SettleAsync();
        },
        world =>
        {
            Assert.Equal(world.Webhook.Told().Distinct().Order(StringComparer.Ordinal), world.Webhook.Further.Select(one => one.Summary).Distinct().Order(StringComparer.Ordinal));
            Assert.Equal(
                world.Webhook.Deliveries.Select(one => one.Id).Distinct().Order(StringComparer.Ordinal),
                world.Webhook.Further.Select(one => one.Id).Distinct().Order(StringComparer.Ordinal));
        });

    [Fact]
    public Task Marking_as_read() => SweepAsync(PreparedPair.Acquainted, async world =>
    {
        await world.MarkReadAsync();
        await world.SettleAsync();
    });

    /// <summary>Stock used up and current keys a week old: whatever dies or is lost, the next runs end with both mended, and no id is given twice.</summary>
    [Fact]
    public async Task Looking_after_the_pre_keys()
    {
        IReadOnlySet<string> covered = await FaultSweep.RunAsync(async plan =>
        {
            await using PairWorld world = await PairWorld.StartAsync(PreparedPair.UsedUp, plan);
            TableRow[] before = [.. world.Relay.Rows(TableNames.PreKeys)];
            world.Time.Advance(TimeSpan.FromDays(8));
            await world.TimerAsync("KeepPreKeysStocked");
            await world.SettleAsync();
            plan.IsOver = true;
            await world.TimerAsync("KeepPreKeysStocked");
            await world.TimerAsync("KeepPreKeysStocked");
            CheckKeys(world, before);
            await world.UserSendsAsync("With a new key");
            await world.CheckAsync();
        });
        Assert.Empty(covered.Except(Known));
        Assert.Contains("relay table:commit prekeys", covered);
        Assert.Contains("transport table:commit devicekeys", covered);
    }

    private static void CheckKeys(PairWorld world, TableRow[] before)
    {
        Dictionary<string, TableRow> stored = world.Relay.Rows(TableNames.PreKeys).ToDictionary(row => row.RowKey);
        foreach (TableRow old in before.Where(row => row.RowKey != "state"))
        {
            // A key that somebody may have taken is still there, and the same.
            Assert.Equal(old.Get<byte[]>("sealed"), stored[old.RowKey].Get<byte[]>("sealed"));
        }

        TableRow published = world.Transport.Rows(TableNames.DeviceKeys).Single(row => row.RowKey == "K" && row.PartitionKey == BusinessKeys(world));
        Assert.Equal((stored["state"].Get<int>("signed"), stored["state"].Get<int>("lastResort")), (published.Get<int>("signedId"), published.Get<int>("kyberId")));
        Assert.DoesNotContain(before, row => row.RowKey == $"signed:{published.Get<int>("signedId"):D8}");
        TableRow[] stock = [.. world.Transport.Rows(TableNames.DeviceKeys).Where(row => row.PartitionKey == BusinessKeys(world) && row.RowKey[0] is 'P' or 'Q')];
        Assert.Equal((60, 30), (stock.Count(row => row.RowKey[0] == 'P'), stock.Count(row => row.RowKey[0] == 'Q')));
        Assert.All(stock, row => Assert.Contains($"{(row.RowKey[0] == 'P' ? "onetime" : "kyber")}:{row.Get<int>("id"):D8}", stored.Keys));
        string[] ids = [.. stored.Keys.Where(key => key != "state").Select(key => key.Split(':')[1])];
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    private static string BusinessKeys(PairWorld world)
    {
        string number = world.Transport.Rows(TableNames.Accounts).Single(row => row.PartitionKey == "business").RowKey;
        return world.Transport.Rows(TableNames.DeviceKeys).Single(row => row.RowKey == "K" && row.PartitionKey.StartsWith(number, StringComparison.Ordinal)).PartitionKey;
    }

    /// <summary>Faults on top of faults, and both sides at once.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Many_faults_at_random(int start)
    {
        for (int seed = start * 100; seed < (start * 100) + 8; seed++)
        {
            SeededRandom random = new((ulong)seed);
            Fault[] faults = Enum.GetValues<Fault>();
            FaultPlan plan = new(_ => random.Below(30) == 0 ? faults[random.Below(faults.Length)] : null);
            try
            {
                await using PairWorld world = await PairWorld.StartAsync(seed % 2 == 0 ? PreparedPair.Strangers : PreparedPair.Acquainted, plan);
                for (int turn = 0; turn < 3; turn++)
                {
                    await world.SendAsync($"From the business, {turn}");
                    await world.UserSendsAsync($"From the user, {turn}");
                    await world.DrainAsync();
                    await world.ReceiveAsync();
                }

                await world.CheckAsync();
                await world.CheckBillAsync();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Failed with seed {seed}: {string.Join("; ", plan.Struck)}", e);
            }
        }
    }

    /// <summary>The same while the device forgets its session again and again.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Many_faults_while_the_device_asks_again(int start)
    {
        for (int seed = start * 100; seed < (start * 100) + 60; seed++)
        {
            SeededRandom random = new((ulong)seed);
            Fault[] faults = Enum.GetValues<Fault>();
            FaultPlan plan = new(_ => random.Below(40) == 0 ? faults[random.Below(faults.Length)] : null);
            try
            {
                await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, plan);
                for (int turn = 0; turn < 2; turn++)
                {
                    await world.LosePhoneSessionAsync();
                    await world.SendAsync($"From the business, {turn}");
                    await world.DrainAsync();
                    await world.ReceiveAsync();
                    await world.DrainAsync();
                    await world.UserSendsAsync($"From the user, {turn}");
                    await world.DrainAsync();
                    await world.ReceiveAsync();
                }

                await world.CheckAsync();
                await world.CheckBillAsync();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Failed with seed {seed}: {string.Join("; ", plan.Struck)}", e);
            }
        }
    }

    private static async Task SweepAsync(Task<PreparedPair> prepared, Func<PairWorld, Task> talk, Action<PairWorld>? check = null)
    {
        IReadOnlySet<string> covered = await FaultSweep.RunAsync(async plan =>
        {
            await using PairWorld world = await PairWorld.StartAsync(prepared, plan);
            await talk(world);
            await world.CheckAsync();
            check?.Invoke(world);
            await world.CheckBillAsync();
        });
        Assert.Empty(covered.Except(Known));
        Assert.Contains("relay table:commit conversations", covered);
    }
}

using Microsoft.Extensions.DependencyInjection;
using Relay.Shared.Storage;
using Relay.Shared.Transport.PreKeys;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.PreKeys;

/// <summary>A business number's pre-keys: in stock, fresh, and with their private halves as long as somebody may name them.</summary>
public sealed class KeepPreKeysTests
{
    private const string Timer = "KeepPreKeysStocked";

    [Fact]
    public async Task Stock_that_runs_low_is_filled_and_no_key_is_handed_out_twice()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        List<BundleResponse> taken = [];
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 45; i++)
            {
                taken.Add(await TakeAsync(world));
            }

            await world.TimerAsync(Timer);
            Assert.Equal((60, 30), await StockAsync(world));
        }

        Assert.All(taken, bundle => Assert.NotNull(bundle.OneTimePreKey));
        Assert.Equal(taken.Count, taken.DistinctBy(bundle => bundle.OneTimePreKey!.Id).Count());
        uint lastResort = taken[44].KyberPreKey!.Id;
        uint[] kyber = [.. taken.Select(bundle => bundle.KyberPreKey!.Id).Where(id => id != lastResort)];
        Assert.Equal(90, kyber.Distinct().Count());
        Assert.Equal(kyber.Length, kyber.Distinct().Count());
    }

    [Fact]
    public async Task Signed_and_last_resort_keys_are_replaced_each_week_and_kept_for_thirty_days_more()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        (uint Signed, uint Kyber) first = await CurrentAsync(world);
        await PassAsync(world, 6);
        Assert.Equal(first, await CurrentAsync(world));

        await PassAsync(world, 1);
        (uint Signed, uint Kyber) second = await CurrentAsync(world);
        Assert.NotEqual(first.Signed, second.Signed);
        Assert.NotEqual(first.Kyber, second.Kyber);

        await PassAsync(world, 28);
        Assert.True(Has(world, $"signed:{first.Signed:D8}") && Has(world, $"kyber:{first.Kyber:D8}"));
        await PassAsync(world, 7);
        Assert.False(Has(world, $"signed:{first.Signed:D8}") || Has(world, $"kyber:{first.Kyber:D8}"));
        Assert.Equal(6, world.Relay.Rows(TableNames.PreKeys).Count(row => row.RowKey.StartsWith("signed:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_message_to_keys_of_last_week_is_read()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        await world.UserSendsAsync("Hello");
        await PassAsync(world, 8);
        await world.SettleAsync();
        Assert.Equal("Hello", Assert.Single(world.Webhook.Deliveries).Message.GetProperty("text").GetProperty("body").GetString());
    }

    [Fact]
    public async Task Keys_whose_publication_was_lost_are_published_as_they_are()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        for (int i = 0; i < 45; i++)
        {
            await TakeAsync(world);
        }

        List<TableRow> uploads = [.. world.Transport.Rows(TableNames.DeviceKeys)];
        await world.TimerAsync(Timer);
        int stored = Count(world, "onetime:");
        foreach (TableRow row in world.Transport.Rows(TableNames.DeviceKeys).Where(row => uploads.TrueForAll(before => (before.PartitionKey, before.RowKey) != (row.PartitionKey, row.RowKey))).ToList())
        {
            // As if the upload had never arrived.
            await world.Transport.Tables.CommitAsync(TableNames.DeviceKeys, row.PartitionKey, [TableWrite.Delete(row.RowKey, null)], default);
        }

        TableRow state = world.Relay.Rows(TableNames.PreKeys).Single(row => row.RowKey == "state");
        Dictionary<string, object> unpublished = new(state.Columns) { ["published"] = state.Get<int>("next") - 1 - 45 - 30 };
        await world.Relay.Tables.CommitAsync(TableNames.PreKeys, state.PartitionKey, [TableWrite.Upsert("state", unpublished)], default);
        Assert.Equal((15, 0), await StockAsync(world));

        await world.TimerAsync(Timer);
        Assert.Equal((60, 30), await StockAsync(world));
        Assert.Equal(stored, Count(world, "onetime:"));
    }

    [Fact]
    public async Task Two_runs_at_once_make_the_keys_of_one()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        for (int i = 0; i < 45; i++)
        {
            await TakeAsync(world);
        }

        await Parallel.ForAsync(0, 4, async (_, _) => await world.TimerAsync(Timer));
        await world.TimerAsync(Timer);
        Assert.Equal((60, 30), await StockAsync(world));
        Assert.Equal(60 + 45, Count(world, "onetime:"));
    }

    private static Task<BundleResponse> TakeAsync(PairWorld world) => TakeAsync(world, world.Business.Number);

    private static async Task<BundleResponse> TakeAsync(PairWorld world, string number) =>
        (await world.Running.Local.Services.GetRequiredService<TakeBundle>().ExecuteAsync(new DirectoryRequest(number), default)).Value!;

    private static async Task<(uint Signed, uint Kyber)> CurrentAsync(PairWorld world)
    {
        TableRow state = world.Relay.Rows(TableNames.PreKeys).Single(row => row.RowKey == "state");
        (uint Signed, uint Kyber) current = ((uint)state.Get<int>("signed"), (uint)state.Get<int>("lastResort"));
        Assert.Equal(current.Signed, (await TakeAsync(world)).SignedPreKey.Id);
        return current;
    }

    private static async Task PassAsync(PairWorld world, int days)
    {
        for (int day = 0; day < days; day++)
        {
            world.Time.Advance(TimeSpan.FromDays(1));
            await world.TimerAsync(Timer);
        }
    }

    /// <summary>Of the business: the phone has keys in the same table.</summary>
    private static async Task<(int OneTime, int Kyber)> StockAsync(PairWorld world)
    {
        TransportResult<Account> account = await world.Running.Local.Services.GetRequiredService<FindAccount>().ExecuteAsync(world.Business.Number, default);
        string partition = account.Value!.KeysPartition;
        int Of(string prefix) => world.Transport.Rows(TableNames.DeviceKeys)
            .Count(row => row.PartitionKey == partition && row.RowKey.StartsWith(prefix, StringComparison.Ordinal));
        return (Of("P:"), Of("Q:"));
    }

    private static int Count(PairWorld world, string prefix) =>
        world.Relay.Rows(TableNames.PreKeys).Count(row => row.RowKey.StartsWith(prefix, StringComparison.Ordinal));

    private static bool Has(PairWorld world, string row) => world.Relay.Rows(TableNames.PreKeys).Any(found => found.RowKey == row);
}

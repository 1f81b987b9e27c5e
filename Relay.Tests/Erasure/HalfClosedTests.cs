using System.Net;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Erasure;

/// <summary>A business whose keys are gone and whose data isn't yet, since storage fails its closure: the timers do their work for all others.</summary>
public sealed class HalfClosedTests
{
    [Fact]
    public async Task Own_retention()
    {
        await using PairWorld world = await StartAsync();
        await PassAsync(world, 80, "EraseDue");
        Assert.DoesNotContain(world.Relay.Rows(TableNames.Conversations), row => row.RowKey != "S" && row.PartitionKey.StartsWith(world.Business.Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Told_payloads()
    {
        await using PairWorld world = await StartAsync();
        await PassAsync(world, 150, "EraseTold");
        Assert.DoesNotContain(
            world.Relay.Rows(TableNames.Conversations),
            row => row.RowKey[0] == 'W' && row.PartitionKey.StartsWith(world.Business.Id, StringComparison.Ordinal) && row.Get<byte[]>("p", []).Length > 0);
        Assert.DoesNotContain(world.Relay.Rows(TableNames.Businesses), row => row.RowKey == "replay" && row.PartitionKey == world.Business.Id);
    }

    [Fact]
    public async Task Pre_keys()
    {
        await using PairWorld world = await StartAsync();
        DateTimeOffset made = Made(world);
        world.Time.Advance(TimeSpan.FromDays(8));
        await world.TimerAsync("KeepPreKeysStocked");
        Assert.True(Made(world) > made);
    }

    [Fact]
    public async Task Keys_and_days()
    {
        await using PairWorld world = await StartAsync();
        world.Time.Advance(TimeSpan.FromDays(33));
        await world.TimerAsync("RotateKeys");
        await world.TimerAsync("DeleteExpired");
        TableRow[] keys = [.. world.Relay.Rows(TableNames.Dek).Where(row => row.PartitionKey == world.Business.Id)];
        Assert.DoesNotContain(keys, row => char.IsAsciiDigit(row.RowKey[0]));
        string month = $"{world.Time.GetUtcNow():yyyyMM}";
        Assert.Contains(month, Assert.Single(keys, row => row.RowKey == "store").Get<string>("kek"), StringComparison.Ordinal);
        Assert.DoesNotContain(world.Relay.Rows(TableNames.Conversations), row => row.PartitionKey.StartsWith(world.Business.Id, StringComparison.Ordinal));
    }

    private static DateTimeOffset Made(PairWorld world) =>
        Assert.Single(world.Relay.Rows(TableNames.PreKeys), row => row.PartitionKey == world.Business.PhoneNumberId && row.RowKey == "state").Get<DateTimeOffset>("made");

    /// <summary>Two businesses have talked; one that comes before the other in every list is being closed.</summary>
    private static async Task<PairWorld> StartAsync()
    {
        bool isAway = false;
        FaultPlan plan = new(call => isAway && call is { Target: TableNames.Conversations, Name: "table:commit" } ? Fault.RequestLost : null);
        PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan);
        await world.TimerAsync("EraseDue");
        TestBusiness closing = await FirstAsync(world);
        foreach (TestBusiness business in (TestBusiness[])[closing, world.Business])
        {
            const string Hour = """{"storage_configuration":{"status":"NO_STORAGE_ENABLED","retention_minutes":60}}""";
            Assert.Equal(HttpStatusCode.OK, (await business.PostAsync(Hour, path: $"v25.0/{business.PhoneNumberId}/settings")).Status);
            await world.Running.AdminAsync(HttpMethod.Put, $"businesses/{business.Id}/replay_window", new { days = 1 });
            await business.SendTextAsync(world.Device.Number, "Hello");
        }

        await world.DrainAsync();
        foreach (TestBusiness business in (TestBusiness[])[closing, world.Business])
        {
            await world.Running.AdminAsync(HttpMethod.Put, $"businesses/{business.Id}/replay_window", new { days = 0 });
        }

        isAway = true;
        await world.Running.AdminAsync(HttpMethod.Delete, $"businesses/{closing.Id}", new { });
        await world.DrainAsync();
        isAway = false;
        Assert.DoesNotContain(world.Relay.Rows(TableNames.Dek), row => row.PartitionKey == closing.Id && row.RowKey != "!closed");
        Assert.Contains(world.Relay.Rows(TableNames.Conversations), row => row.PartitionKey.StartsWith(closing.Id, StringComparison.Ordinal));
        return world;
    }

    private static async Task<TestBusiness> FirstAsync(PairWorld world)
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            TestBusiness other = await world.Running.BusinessAsync(null);
            if (string.CompareOrdinal(other.Id, world.Business.Id) < 0)
            {
                return other;
            }
        }

        throw new InvalidOperationException("No business came before.");
    }

    private static async Task PassAsync(PairWorld world, int minutes, string timer)
    {
        for (int minute = 0; minute < minutes; minute += 5)
        {
            world.Time.Advance(TimeSpan.FromMinutes(5));
            await world.TimerAsync(timer);
        }
    }
}

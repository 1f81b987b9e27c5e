using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Shared.Analytics;
using Relay.Shared.Billing;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Analytics;

public sealed class AnalyticsTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 10, 31, 23, 40, 0, TimeSpan.Zero));

    [Fact]
    public async Task Messages_are_counted_when_they_are_sent_and_when_they_are_delivered()
    {
        MemoryAccount account = new(_time);
        await using TestRelay relay = await StartAsync(account);
        TestBusiness business = await relay.BusinessAsync(null);
        using TestDevice device = await relay.DeviceAsync();
        long start = _time.GetUtcNow().ToUnixTimeSeconds();
        await business.SendTextAsync(device.Number, "One");
        await business.SendTextAsync(device.Number, "Two");
        await relay.DrainAsync();
        await device.ReceiveAsync();
        await relay.DrainAsync();
        _time.Advance(TimeSpan.FromMinutes(50));
        await business.SendTextAsync(device.Number, "Three");
        await business.SendTextAsync(TestRelay.RandomNumber(), "To nobody");
        await relay.DrainAsync();

        Assert.Equal([(1_793_489_400, 1_793_491_200, 2, 2), (1_793_493_000, 1_793_494_800, 1, 0)], await PointsAsync(business, start, "HALF_HOUR"));
        Assert.Equal([(1_793_404_800, 1_793_491_200, 2, 2), (1_793_491_200, 1_793_577_600, 1, 0)], await PointsAsync(business, start, "DAY"));
        Assert.Equal([(1_790_812_800, 1_793_491_200, 2, 2), (1_793_491_200, 1_796_083_200, 1, 0)], await PointsAsync(business, start, "MONTH"));
        Assert.Empty(await PointsAsync(business, start, "DAY", ".phone_numbers([\"15550000000\"])"));
        Assert.Equal(2, (await PointsAsync(business, start, "DAY", $".phone_numbers([\"{business.Number}\"]).country_codes([])")).Length);
        Assert.Empty(relay.Faults);
    }

    [Fact]
    public async Task Counts_are_written_within_ten_seconds_and_at_the_end_and_cost_no_message_a_transaction()
    {
        MemoryAccount account = new(_time);
        await using (TestRelay relay = await StartAsync(account))
        {
            TestBusiness business = await relay.BusinessAsync(null);
            using TestDevice device = await relay.DeviceAsync();
            await business.SendTextAsync(device.Number, "One");
            await business.SendTextAsync(device.Number, "Two");
            await relay.DrainAsync();
            Assert.Equal(0, Total(Assert.Single(account.Rows(TableNames.Counts))));

            _time.Advance(MessageCounts.FlushDelay);
            Assert.Equal(2, Total(Assert.Single(account.Rows(TableNames.Counts))));
            await business.SendTextAsync(device.Number, "Three");
            await relay.DrainAsync();
            Assert.Equal(2, Total(Assert.Single(account.Rows(TableNames.Counts))));
        }

        Assert.Equal(3, Total(Assert.Single(account.Rows(TableNames.Counts))));
    }

    [Fact]
    public async Task Instances_add_up_and_what_is_400_days_old_is_deleted()
    {
        MemoryAccount account = new(_time);
        LocalRelayOptions options = new() { RelayStorage = new RelayStorage(account.Tables, account.Queues, account.Blobs), Time = _time };
        await using TestRelay relay = await TestRelay.StartAsync(options);
        TestBusiness business = await relay.BusinessAsync(null);
        MessageCounts other = new(relay.Local.Services.GetRequiredService<CountStore>(), _time, Microsoft.Extensions.Logging.Abstractions.NullLogger<MessageCounts>.Instance);
        Relay.Shared.Accounts.BusinessNumber number = (await relay.Local.Services.GetRequiredService<Relay.Shared.Accounts.AccountDirectory>().FindNumberAsync(
            Relay.Shared.Primitives.BusinessId.Parse(business.Id), Relay.Shared.Primitives.PhoneNumberId.Parse(business.PhoneNumberId), CancellationToken.None))!;
        await CountAsync(relay.Local.Services.GetRequiredService<MessageCounts>(), number, 3, 1);
        await CountAsync(other, number, 4, 2);
        await other.DisposeAsync();

        long start = _time.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal([(7, 3)], (await PointsAsync(business, start, "DAY")).Select(point => (point.Sent, point.Delivered)));
        Assert.Equal(2, account.Rows(TableNames.Counts).Count());
        _time.Advance(TimeSpan.FromDays(CountStore.DaysKept + 1));
        await relay.Local.InvokeTimerAsync("DeleteExpired", CancellationToken.None);
        Assert.Empty(account.Rows(TableNames.Counts));
    }

    [Theory]
    [InlineData("analytics")]
    [InlineData("analytics.start(1793488800)")]
    [InlineData("analytics.start(1793488800).end(1793488800).granularity(DAY)")]
    [InlineData("analytics.start(1).end(1793488800).granularity(DAY)")]
    [InlineData("analytics.start(x).end(1793488800).granularity(DAY)")]
    [InlineData("analytics.start(1793480000).end(1793488800)")]
    [InlineData("analytics.start(1793480000).end(1793488800).granularity(HOUR)")]
    [InlineData("analytics.start(1793480000).end(1793488800).granularity(1)")]
    [InlineData("analytics.start(1793480000).end(1793488800).granularity(DAY).country_codes([\"DE\"])")]
    [InlineData("analytics.start(1793480000).end(1793488800).granularity(DAY).phone_numbers(1)")]
    [InlineData("analytics.start(1793480000).end(1793488800).granularity(DAY).metric_types([])")]
    public async Task A_question_that_makes_no_sense_is_refused(string fields)
    {
        await using TestRelay relay = await StartAsync(new MemoryAccount(_time));
        TestBusiness business = await relay.BusinessAsync(null);
        Assert.NotEmpty(await business.GetAsync($"v25.0/{business.WabaId}?fields={Uri.EscapeDataString(fields)}").FailsAsync(100));
    }

    private async Task CountAsync(MessageCounts counts, Relay.Shared.Accounts.BusinessNumber number, int sent, int delivered)
    {
        using Counting counting = await counts.BeginAsync(number.Business, number.Id, Relay.Shared.Primitives.UtcDay.Today(_time), CancellationToken.None);
        counting.End(
        [
            .. Enumerable.Repeat(new UsageFact(UsageKind.Sent, MessageCategory.Service), sent),
            .. Enumerable.Repeat(new UsageFact(UsageKind.Delivered, MessageCategory.Service), delivered),
        ]);
    }

    private static int Total(TableRow row)
    {
        int[] counts = new int[DayCounts.HalfHours];
        DayCounts.Add(counts, row.Get<byte[]>("sent", []));
        return counts.Sum();
    }

    private Task<TestRelay> StartAsync(MemoryAccount account) =>
        TestRelay.StartAsync(new LocalRelayOptions { RelayStorage = new RelayStorage(account.Tables, account.Queues, account.Blobs), Time = _time });

    private async Task<(long Start, long End, int Sent, int Delivered)[]> PointsAsync(TestBusiness business, long start, string granularity, string more = "")
    {
        long end = _time.GetUtcNow().AddMinutes(30).ToUnixTimeSeconds();
        string fields = $"analytics.start({start}).end({end}).granularity({granularity}){more}";
        JsonElement node = await business.GetAsync($"v25.0/{business.WabaId}?fields={Uri.EscapeDataString(fields)}").OkAsync();
        Assert.Equal(["id", "analytics"], node.Names());
        Assert.Equal(granularity, TestRelay.Text(node.GetProperty("analytics"), "granularity"));
        return
        [
            .. node.GetProperty("analytics").GetProperty("data_points").EnumerateArray().Select(point =>
                (point.GetProperty("start").GetInt64(), point.GetProperty("end").GetInt64(), point.GetProperty("sent").GetInt32(), point.GetProperty("delivered").GetInt32())),
        ];
    }
}

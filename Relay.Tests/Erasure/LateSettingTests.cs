using System.Net;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Shared.Accounts;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Erasure;

/// <summary>Two instances, one of which is told of a number's own retention: the other knows half a minute later.</summary>
public sealed class LateSettingTests
{
    [Fact]
    public async Task What_another_instance_writes_after_half_a_minute_goes_in_time_and_what_it_wrote_before_with_what_follows()
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        LocalRelayOptions options = new() { Time = time };
        MemoryAccount relay = new(time);
        MemoryAccount transport = new(time);
        options = options with { RelayStorage = new(relay.Tables, relay.Queues, relay.Blobs), TransportStorage = new(transport.Tables, transport.Queues, transport.Blobs) };
        await using TestRelay told = await TestRelay.StartAsync(options);
        await using TestRelay other = await TestRelay.StartAsync(options);
        TestBusiness business = await told.BusinessAsync(null);
        TestBusiness there = business.At(other);
        using TestDevice early = await told.DeviceAsync();
        using TestDevice late = await told.DeviceAsync();
        await told.Local.InvokeTimerAsync("EraseDue", CancellationToken.None);
        Assert.Equal(HttpStatusCode.OK, (await there.GetAsync($"v25.0/{business.PhoneNumberId}/settings")).Status);
        const string Hour = """{"storage_configuration":{"status":"NO_STORAGE_ENABLED","retention_minutes":60}}""";
        Assert.Equal(HttpStatusCode.OK, (await business.PostAsync(Hour, path: $"v25.0/{business.PhoneNumberId}/settings")).Status);
        await SendAsync(there, early);

        time.Advance(AccountDirectory.CacheLife);
        await SendAsync(there, late);
        await PassAsync(80);
        string[] left = [.. Messages().Select(row => row.PartitionKey).Distinct()];
        Assert.Single(left);

        await SendAsync(there, early);
        await PassAsync(80);
        Assert.Empty(Messages());

        async Task SendAsync(TestBusiness from, TestDevice to)
        {
            await from.SendTextAsync(to.Number, "Hello");
            await other.DrainAsync();
        }

        async Task PassAsync(int minutes)
        {
            for (int minute = 0; minute < minutes; minute += 5)
            {
                time.Advance(TimeSpan.FromMinutes(5));
                await told.Local.InvokeTimerAsync("EraseDue", CancellationToken.None);
            }
        }

        IEnumerable<TableRow> Messages() => relay.Rows(TableNames.Conversations).Where(row => row.RowKey[0] is 'O' or 'W');
    }
}

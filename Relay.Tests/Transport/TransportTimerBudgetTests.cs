using System.Globalization;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Expiry;
using Relay.Shared.Transport.Pushes;
using Relay.Shared.Transport.Registrations;
using Xunit;

namespace Relay.Tests.Transport;

/// <summary>The transport's timers end within the host's five minutes, and the next run goes on where they stopped.</summary>
public sealed class TransportTimerBudgetTests : IAsyncLifetime
{
    private static readonly TimeSpan HostsLimit = TimeSpan.FromMinutes(5);

    private readonly TransportHarness _transport = new();
    private AuthenticatedDevice _user = null!;

    public async Task InitializeAsync()
    {
        await _transport.CreateStorageAsync();
        _user = await _transport.RegisterAsync("+491511234567");
    }

    public async Task DisposeAsync() => await _transport.DisposeAsync();

    /// <summary>Each business takes more than a minute: three fit in a run, and of eight each has its turn before one has a second.</summary>
    [Fact]
    public async Task The_push_sweep_goes_on_behind_the_business_at_which_it_stopped()
    {
        const int Businesses = 8;
        for (int i = 0; i < Businesses; i++)
        {
            string business = string.Create(CultureInfo.InvariantCulture, $"+49155000000{i:00}");
            await _transport.RegisterBusinessAsync(business);
            _transport.Queues.FailNextSend = true;
            await Assert.ThrowsAsync<StorageFaultException>(() => _transport.SendAsync(_user, business));
        }

        _transport.Time.Advance(SweepPushes.Grace + TimeSpan.FromSeconds(1));
        _transport.Tables.Called = call => _transport.Time.Advance(call == $"QUERY {TableNames.Mailbox}" ? TimeSpan.FromSeconds(70) : TimeSpan.Zero);
        foreach (int pushes in (int[])[3, 3, 2])
        {
            DateTimeOffset start = _transport.Time.GetUtcNow();
            await _transport.Get<SweepPushes>().ExecuteAsync(default);
            Assert.InRange(_transport.Time.GetUtcNow() - start, TimeSpan.Zero, HostsLimit);
            Assert.Equal(pushes, await _transport.PumpAsync());
        }

        _transport.Tables.Called = _ => { };
        await _transport.Get<SweepPushes>().ExecuteAsync(default);
        Assert.DoesNotContain(await _transport.RowsAsync(TableNames.Expiry), row => row.RowKey == "P");
    }

    [Fact]
    public async Task The_sweep_of_dead_days_goes_on_where_it_stopped()
    {
        for (int i = 0; i < 12; i++)
        {
            AuthenticatedDevice device = await _transport.RegisterAsync(string.Create(CultureInfo.InvariantCulture, $"+49157000000{i:00}"));
            await _transport.SendAsync(_user, device.Number.Digits.Insert(0, "+"));
        }

        _transport.Time.Advance(TimeSpan.FromDays(30));
        _transport.Tables.Called = call => _transport.Time.Advance(call == $"COMMIT {TableNames.Mailbox}" ? TimeSpan.FromSeconds(40) : TimeSpan.Zero);
        int runs = 0;
        for (int left = await LeftAsync(); left > 0; left = await LeftAsync())
        {
            DateTimeOffset start = _transport.Time.GetUtcNow();
            await _transport.Get<DeleteExpiredEnvelopes>().ExecuteAsync(default);
            Assert.InRange(_transport.Time.GetUtcNow() - start, TimeSpan.Zero, HostsLimit + TimeSpan.FromSeconds(40));
            Assert.True(await LeftAsync() < left);
            runs++;
        }

        Assert.InRange(runs, 2, 6);
        await _transport.Get<DeleteExpiredEnvelopes>().ExecuteAsync(default);
        Assert.Equal(["S"], (await _transport.RowsAsync(TableNames.Expiry)).Select(row => row.RowKey));
    }

    /// <summary>Envelopes and marks go a hundred at a time.</summary>
    [Fact]
    public async Task A_full_mailbox_goes_in_few_transactions()
    {
        AuthenticatedDevice device = await _transport.RegisterAsync("+4915700000099");
        for (int i = 0; i < 250; i++)
        {
            await _transport.SendAsync(_user, "+4915700000099", EnvelopeId.Create());
        }

        _transport.Time.Advance(TimeSpan.FromDays(30));
        _transport.Tables.Calls.Clear();
        await _transport.Get<DeleteExpiredEnvelopes>().ExecuteAsync(default);
        Assert.Empty(await _transport.RowsAsync(TableNames.Mailbox));
        Assert.Equal(6, _transport.Tables.Calls.Count(call => call == $"COMMIT {TableNames.Mailbox}"));
        Assert.NotNull(device);
    }

    private async Task<int> LeftAsync() => (await _transport.RowsAsync(TableNames.Mailbox)).Count;
}

using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Expiry;
using Relay.Shared.Transport.PreKeys;
using Relay.Shared.Transport.Registrations;
using Xunit;

namespace Relay.Tests.Transport;

public sealed class ExpiryTests : IAsyncLifetime
{
    private const string Alice = "+491511234567";
    private const string Bob = "+4915598765432";

    private readonly TransportHarness _transport = new();
    private AuthenticatedDevice _alice = null!;
    private AuthenticatedDevice _bob = null!;

    public async Task InitializeAsync()
    {
        await _transport.CreateStorageAsync();
        _alice = await _transport.RegisterAsync(Alice);
        _bob = await _transport.RegisterAsync(Bob);
    }

    public async Task DisposeAsync() => await _transport.DisposeAsync();

    [Theory]
    [InlineData(30)]
    [InlineData(400)]
    public async Task What_is_past_its_days_is_gone_rows_marks_and_key_however_far_the_clock_jumps(int days)
    {
        await _transport.SendAsync(_alice, Bob);
        _transport.Time.Advance(TimeSpan.FromDays(days));
        await DeleteExpiredAsync();

        Assert.Empty(await _transport.RowsAsync(TableNames.Mailbox));
        Assert.Empty(await _transport.RowsAsync(TableNames.Registrations));
        Assert.DoesNotContain(await _transport.RowsAsync(TableNames.Dek), row => char.IsAsciiDigit(row.RowKey[0]));
        Assert.Equal(["S"], (await _transport.RowsAsync(TableNames.Expiry)).Select(row => row.RowKey));
    }

    [Fact]
    public async Task What_is_within_its_days_stays()
    {
        EnvelopeId id = EnvelopeId.Create();
        await _transport.SendAsync(_alice, Bob, id, "old");
        _transport.Time.Advance(TimeSpan.FromDays(10));
        EnvelopeId later = EnvelopeId.Create();
        await _transport.SendAsync(_alice, Bob, later, "young");
        _transport.Time.Advance(TimeSpan.FromDays(18));
        await DeleteExpiredAsync();
        Assert.Equal(2, (await _transport.FetchAsync(_bob)).Envelopes.Count);

        _transport.Time.Advance(TimeSpan.FromDays(1));
        Assert.Single((await _transport.FetchAsync(_bob)).Envelopes);
        await DeleteExpiredAsync();
        await DeleteExpiredAsync();
        Assert.Single((await _transport.FetchAsync(_bob)).Envelopes);
        Assert.True((await _transport.SendAsync(_alice, Bob, later)).Value!.Duplicate);
        Assert.Equal(2, (await _transport.RowsAsync(TableNames.Mailbox)).Count);
    }

    [Fact]
    public async Task An_envelope_can_not_be_read_after_its_days_even_when_nothing_was_deleted()
    {
        await _transport.SendAsync(_alice, Bob);
        _transport.Time.Advance(TimeSpan.FromDays(29));
        Assert.Empty((await _transport.FetchAsync(_bob)).Envelopes);
        Assert.NotEmpty(await _transport.RowsAsync(TableNames.Mailbox));
    }

    [Fact]
    public async Task A_replaced_devices_keys_go_and_the_current_ones_stay()
    {
        await _transport.RegisterAsync(Bob);
        AuthenticatedDevice current = (await _transport.RegisterAsync(Bob))!;
        _transport.Time.Advance(TimeSpan.FromDays(30));
        await DeleteExpiredAsync();

        string[] partitions = [.. (await _transport.RowsAsync(TableNames.DeviceKeys)).Select(row => row.PartitionKey).Distinct().Order()];
        Assert.Equal(new[] { _alice.Account.KeysPartition, current.Account.KeysPartition }.Order(), partitions);
        Assert.Equal(5, (await _transport.Get<CountKeys>().ExecuteAsync(current, default)).Value!.OneTimePreKeys);
    }

    [Fact]
    public async Task A_registered_number_keeps_working_after_its_first_month()
    {
        _transport.Time.Advance(TimeSpan.FromDays(45));
        await DeleteExpiredAsync();
        Assert.False((await _transport.SendAsync(_alice, Bob)).Value!.Duplicate);
        Assert.Single((await _transport.FetchAsync(_bob)).Envelopes);
    }

    private Task DeleteExpiredAsync() => _transport.Get<DeleteExpiredEnvelopes>().ExecuteAsync(default);
}

using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Pushes;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;
using Xunit;

namespace Relay.Tests.Transport;

public sealed class PushTests : IAsyncLifetime
{
    private const string User = "+491511234567";
    private const string Business = "+4930123456";

    private readonly TransportHarness _transport = new();
    private AuthenticatedDevice _user = null!;

    public async Task InitializeAsync()
    {
        await _transport.CreateStorageAsync();
        _user = await _transport.RegisterAsync(User);
        await _transport.RegisterBusinessAsync(Business);
    }

    public async Task DisposeAsync() => await _transport.DisposeAsync();

    [Fact]
    public async Task An_envelope_for_a_business_is_pushed_signed_and_then_forgotten()
    {
        EnvelopeId id = EnvelopeId.Create();
        await _transport.SendAsync(_user, Business, id, "hello");
        Assert.Equal(1, await _transport.PumpAsync());

        (Uri? url, string? timestamp, string? signature, byte[] body) = Assert.Single(_transport.RelayEnd.Pushes);
        Envelope envelope = JsonSerializer.Deserialize(body, TransportJson.Default.Envelope)!;
        Assert.Equal(TransportHarness.PushUrl, url);
        Assert.Equal((id.Hex, User, "hello", (string?)null), (envelope.Id, envelope.From, Encoding.UTF8.GetString(envelope.Content), envelope.Handle));
        Assert.True(PushSignature.IsValid(TransportHarness.PushSecret, timestamp, signature, body, _transport.Time.GetUtcNow()));
        Assert.Equal(_transport.Time.GetUtcNow().ToUnixTimeSeconds(), long.Parse(timestamp!, CultureInfo.InvariantCulture));
        Assert.Empty(await WaitingAsync());
        Assert.Equal(0, await _transport.PumpAsync());
    }

    [Fact]
    public async Task A_failing_endpoint_is_tried_again_with_growing_delays_and_no_exception()
    {
        _transport.RelayEnd.Answer = null;
        await _transport.SendAsync(_user, Business);
        int[] expected = [0, 1, 5, 30, 120, 600, 1800, 3600, 7200, 14400, 14400];
        foreach (int seconds in expected)
        {
            _transport.Time.Advance(TimeSpan.FromSeconds(seconds));
            Assert.Equal(1, await _transport.PumpAsync());
            _transport.RelayEnd.Answer = HttpStatusCode.InternalServerError;
        }

        Assert.Equal(expected, _transport.Queues.Sent.Select(sent => (int)sent.Delay.TotalSeconds).Take(expected.Length));
        Assert.Equal(expected.Length, _transport.RelayEnd.Pushes.Count);

        _transport.RelayEnd.Answer = HttpStatusCode.OK;
        _transport.Time.Advance(TimeSpan.FromHours(4));
        await _transport.PumpAsync();
        Assert.Empty(await WaitingAsync());
    }

    [Theory]
    [InlineData(HttpStatusCode.Redirect)]
    [InlineData(HttpStatusCode.Accepted)]
    [InlineData(HttpStatusCode.NoContent)]
    [InlineData(HttpStatusCode.Gone)]
    public async Task Only_200_lets_the_transport_forget(HttpStatusCode answer)
    {
        _transport.RelayEnd.Answer = answer;
        await _transport.SendAsync(_user, Business);
        await _transport.PumpAsync();
        Assert.Single(await WaitingAsync());
    }

    [Fact]
    public async Task A_crash_between_commit_and_enqueue_is_mended_by_the_senders_repeat()
    {
        EnvelopeId id = EnvelopeId.Create();
        _transport.Queues.FailNextSend = true;
        await Assert.ThrowsAsync<StorageFaultException>(() => _transport.SendAsync(_user, Business, id));
        Assert.Equal(0, await _transport.PumpAsync());

        Assert.True((await _transport.SendAsync(_user, Business, id)).Value!.Duplicate);
        Assert.Equal(1, await _transport.PumpAsync());
        Assert.Single(_transport.RelayEnd.Pushes);
    }

    [Fact]
    public async Task A_crash_between_commit_and_enqueue_is_mended_by_the_sweep()
    {
        _transport.Queues.FailNextSend = true;
        await Assert.ThrowsAsync<StorageFaultException>(() => _transport.SendAsync(_user, Business));

        await _transport.Get<SweepPushes>().ExecuteAsync(default);
        Assert.Equal(0, await _transport.PumpAsync());
        _transport.Time.Advance(SweepPushes.Grace);
        await _transport.Get<SweepPushes>().ExecuteAsync(default);
        await _transport.Get<SweepPushes>().ExecuteAsync(default);
        Assert.Equal(1, await _transport.PumpAsync());
        Assert.Single(_transport.RelayEnd.Pushes);
    }

    [Fact]
    public async Task A_crash_between_plan_and_enqueue_is_mended_by_the_sweep()
    {
        _transport.RelayEnd.Answer = HttpStatusCode.BadGateway;
        await _transport.SendAsync(_user, Business);
        string body = _transport.Queues.Sent.Single().Body;
        _transport.Queues.FailNextSend = true;
        await Assert.ThrowsAsync<StorageFaultException>(() => _transport.PumpAsync());

        _transport.RelayEnd.Answer = HttpStatusCode.OK;
        await _transport.Get<PushEnvelope>().ExecuteAsync(body, default);
        Assert.Single(_transport.RelayEnd.Pushes);

        _transport.Time.Advance(SweepPushes.Grace + TimeSpan.FromSeconds(1));
        await _transport.Get<SweepPushes>().ExecuteAsync(default);
        await _transport.PumpAsync();
        Assert.Equal(2, _transport.RelayEnd.Pushes.Count);
        Assert.Empty(await WaitingAsync());
    }

    [Fact]
    public async Task Repeats_of_a_failing_push_never_multiply()
    {
        _transport.RelayEnd.Answer = HttpStatusCode.BadGateway;
        EnvelopeId id = EnvelopeId.Create();
        for (int i = 0; i < 5; i++)
        {
            await _transport.SendAsync(_user, Business, id);
        }

        Assert.Equal(5, await _transport.PumpAsync());
        Assert.Equal(6, _transport.Queues.Sent.Count);
        Assert.Single(_transport.RelayEnd.Pushes);
        _transport.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await _transport.PumpAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{"v":2,"kind":"envelope","recipient":"00","handle":"M:1","attempt":0}""")]
    [InlineData("""{"v":1,"kind":"envelope","recipient":"00","handle":"M:1","attempt":0}""")]
    public async Task A_queue_message_of_an_unknown_shape_is_dropped(string body)
    {
        await _transport.Get<PushEnvelope>().ExecuteAsync(body, default);
        await _transport.Get<DropPoisonedPush>().ExecuteAsync(body, default);
        Assert.Empty(_transport.RelayEnd.Pushes);
    }

    [Fact]
    public async Task Pushing_ends_with_the_envelopes_retention()
    {
        _transport.RelayEnd.Answer = HttpStatusCode.BadGateway;
        await _transport.SendAsync(_user, Business);
        string body = _transport.Queues.Sent.Single().Body;
        _transport.Time.Advance(TimeSpan.FromDays(29));
        Assert.Equal(0, await _transport.PumpAsync());
        await _transport.Get<PushEnvelope>().ExecuteAsync(body, default);
        await _transport.Get<SweepPushes>().ExecuteAsync(default);
        Assert.Empty(_transport.RelayEnd.Pushes);
    }

    [Fact]
    public async Task A_number_that_has_just_become_a_business_is_pushed_to_at_once()
    {
        await _transport.RegisterAsync("+491517654321");
        await _transport.SendAsync(_user, "+491517654321");
        await _transport.RegisterBusinessAsync("+491517654321");
        await _transport.SendAsync(_user, "+491517654321");
        Assert.Equal(1, await _transport.PumpAsync());
        Assert.Single(_transport.RelayEnd.Pushes);

        await _transport.Get<SweepPushes>().ExecuteAsync(default);
        Assert.Equal(1, await _transport.PumpAsync());
        Assert.Equal(2, _transport.RelayEnd.Pushes.Count);
        Assert.DoesNotContain(await _transport.RowsAsync(TableNames.Mailbox), IsEnvelope);
    }

    [Fact]
    public async Task What_waits_for_a_business_is_fetched_by_the_person_who_has_its_number_now()
    {
        EnvelopeId id = EnvelopeId.Create();
        await _transport.SendAsync(_user, Business, id, "first");
        await _transport.SendAsync(_user, Business, text: "second");
        AuthenticatedDevice person = await _transport.RegisterAsync(Business);
        Assert.Empty((await _transport.FetchAsync(person)).Envelopes);

        Assert.Equal(2, await _transport.PumpAsync());
        Assert.Empty(_transport.RelayEnd.Pushes);
        Assert.Equal(["first", "second"], (await _transport.FetchAsync(person)).Envelopes.Select(envelope => Encoding.UTF8.GetString(envelope.Content)));
        Assert.True((await _transport.SendAsync(_user, Business, id)).Value!.Duplicate);
        Assert.Empty(await WaitingAsync());
    }

    [Fact]
    public async Task An_envelope_comes_to_its_number_however_often_that_changes_hands()
    {
        await _transport.SendAsync(_user, Business);
        for (int turn = 0; turn < 2; turn++)
        {
            AuthenticatedDevice person = await _transport.RegisterAsync(Business);
            await _transport.PumpAsync();
            Assert.Single((await _transport.FetchAsync(person)).Envelopes);

            _transport.RelayEnd.Answer = HttpStatusCode.BadGateway;
            await _transport.RegisterBusinessAsync(Business);
            await _transport.Get<SweepPushes>().ExecuteAsync(default);
            await _transport.PumpAsync();
            Assert.Equal(turn + 1, _transport.RelayEnd.Pushes.Count);
            _transport.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task A_move_that_dies_half_way_is_finished_by_the_next()
    {
        await _transport.SendAsync(_user, Business);
        string body = _transport.Queues.Sent.Single().Body;
        AuthenticatedDevice person = await _transport.RegisterAsync(Business);
        _transport.Tables.FailNextDelete = true;
        await Assert.ThrowsAsync<StorageFaultException>(() => _transport.Get<PushEnvelope>().ExecuteAsync(body, default));
        Assert.Single(await WaitingAsync());

        await _transport.Get<PushEnvelope>().ExecuteAsync(body, default);
        Assert.Single((await _transport.FetchAsync(person)).Envelopes);
        Assert.Empty(await WaitingAsync());
    }

    [Fact]
    public async Task A_push_costs_one_read_and_one_delete_and_looks_at_the_account_every_ten_seconds()
    {
        await _transport.SendAsync(_user, Business);
        _transport.Tables.Calls.Clear();
        await _transport.PumpAsync();
        Assert.Equal([$"GET {TableNames.Pushes}", $"COMMIT {TableNames.Pushes}"], _transport.Tables.Calls);

        await _transport.SendAsync(_user, Business);
        _transport.Time.Advance(KnownAccounts.Life);
        _transport.Tables.Calls.Clear();
        await _transport.PumpAsync();
        Assert.Equal([$"GET {TableNames.Pushes}", $"GET {TableNames.Accounts}", $"COMMIT {TableNames.Pushes}"], _transport.Tables.Calls);
    }

    [Fact]
    public async Task A_push_that_fails_looks_at_the_account_anew()
    {
        _transport.RelayEnd.Answer = HttpStatusCode.BadGateway;
        await _transport.SendAsync(_user, Business);
        await _transport.PumpAsync();
        _transport.Time.Advance(TimeSpan.FromSeconds(1));
        _transport.Tables.Calls.Clear();
        await _transport.PumpAsync();
        Assert.Contains($"GET {TableNames.Accounts}", _transport.Tables.Calls);
    }

    private static bool IsEnvelope(TableRow row) => row.RowKey.StartsWith("M:", StringComparison.Ordinal);

    /// <summary>The envelopes that are still to be pushed.</summary>
    private async Task<IEnumerable<TableRow>> WaitingAsync() => (await _transport.RowsAsync(TableNames.Pushes)).Where(IsEnvelope);
}

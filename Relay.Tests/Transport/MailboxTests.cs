using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Mailboxes;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;
using Xunit;

namespace Relay.Tests.Transport;

public sealed class MailboxTests : IAsyncLifetime
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

    [Fact]
    public async Task An_envelope_arrives_with_its_senders_number_id_time_and_content()
    {
        EnvelopeId id = EnvelopeId.Create();
        Assert.False((await _transport.SendAsync(_alice, Bob, id, "to bob")).Value!.Duplicate);

        Envelope envelope = Assert.Single((await _transport.FetchAsync(_bob)).Envelopes);
        Assert.Equal((id.Hex, Alice, Envelope.Message, "to bob"), (envelope.Id, envelope.From, envelope.Type, Encoding.UTF8.GetString(envelope.Content)));
        Assert.Equal(_transport.Time.GetUtcNow().ToUnixTimeSeconds(), envelope.Timestamp);
        Assert.Empty((await _transport.FetchAsync(_alice)).Envelopes);
    }

    [Fact]
    public async Task Envelopes_come_oldest_first_and_a_fetch_says_whether_there_are_more()
    {
        for (int i = 0; i < 5; i++)
        {
            await _transport.SendAsync(_alice, Bob, text: $"{i}");
            _transport.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        FetchEnvelopesResponse some = await _transport.FetchAsync(_bob, limit: 3);
        Assert.Equal(["0", "1", "2"], some.Envelopes.Select(e => Encoding.UTF8.GetString(e.Content)));
        Assert.True(some.More);
        Assert.False((await _transport.FetchAsync(_bob, limit: 5)).More);
    }

    [Fact]
    public async Task A_fetch_of_large_envelopes_ends_at_a_mebibyte()
    {
        string large = new('x', TransportLimits.MaxEnvelopeBytes);
        const int Fits = (TransportLimits.MaxFetchBytes / TransportLimits.MaxEnvelopeBytes) + 1;
        for (int i = 0; i < Fits + 2; i++)
        {
            Assert.True((await _transport.SendAsync(_alice, Bob, text: large)).IsSuccess);
        }

        FetchEnvelopesResponse fetched = await _transport.FetchAsync(_bob);
        Assert.Equal(Fits, fetched.Envelopes.Count);
        Assert.True(fetched.More);
    }

    [Fact]
    public async Task A_repeat_is_accepted_and_changes_nothing_even_after_the_acknowledgement()
    {
        EnvelopeId id = EnvelopeId.Create();
        await _transport.SendAsync(_alice, Bob, id);
        Assert.True((await _transport.SendAsync(_alice, Bob, id)).Value!.Duplicate);
        Envelope envelope = Assert.Single((await _transport.FetchAsync(_bob)).Envelopes);

        Assert.Equal(1, await AcknowledgeAsync(_bob, envelope.Handle!));
        Assert.True((await _transport.SendAsync(_alice, Bob, id)).Value!.Duplicate);
        Assert.Empty((await _transport.FetchAsync(_bob)).Envelopes);
    }

    [Fact]
    public async Task Sixteen_repeats_at_once_are_one_envelope()
    {
        EnvelopeId id = EnvelopeId.Create();
        TransportResult<SendEnvelopeResponse>[] results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _transport.SendAsync(_alice, Bob, id)));
        Assert.Single(results, result => !result.Value!.Duplicate);
        Assert.Single((await _transport.FetchAsync(_bob)).Envelopes);
    }

    [Fact]
    public async Task The_same_id_from_two_senders_is_two_envelopes()
    {
        AuthenticatedDevice carol = await _transport.RegisterAsync("+33612345678");
        EnvelopeId id = EnvelopeId.Create();
        await _transport.SendAsync(_alice, Bob, id);
        await _transport.SendAsync(carol, Bob, id);
        Assert.Equal(2, (await _transport.FetchAsync(_bob)).Envelopes.Count);
    }

    [Fact]
    public async Task An_acknowledgement_may_be_repeated_may_overlap_and_reaches_no_other_mailbox()
    {
        await _transport.SendAsync(_alice, Bob);
        await _transport.SendAsync(_alice, Bob);
        string[] handles = [.. (await _transport.FetchAsync(_bob)).Envelopes.Select(envelope => envelope.Handle!)];

        Assert.Equal(0, await AcknowledgeAsync(_alice, handles));
        Assert.Equal(1, await AcknowledgeAsync(_bob, handles[0], handles[0]));
        Assert.Equal(1, await AcknowledgeAsync(_bob, handles));
        Assert.Equal(0, await AcknowledgeAsync(_bob, handles));
        Assert.Empty((await _transport.FetchAsync(_bob)).Envelopes);
    }

    [Theory]
    [InlineData("I:00112233445566778899aabbccddeeff")]
    [InlineData("M:1")]
    [InlineData("")]
    [InlineData("M:0638000000000000000-0011223344556677/")]
    [InlineData("M:0638000000000000000-00112233445566g7")]
    public async Task A_handle_that_was_never_given_out_is_refused(string handle)
    {
        TransportResult<AcknowledgeResponse> result = await _transport.Get<AcknowledgeEnvelopes>().ExecuteAsync(_bob, new([handle]), default);
        Assert.Equal(TransportErrorCode.BadRequest, result.Code);
    }

    [Fact]
    public async Task A_send_to_an_unknown_number_says_so()
    {
        Assert.Equal(TransportErrorCode.UnknownNumber, (await _transport.SendAsync(_alice, "+33699999999")).Code);
    }

    [Fact]
    public async Task A_waiting_fetch_returns_when_something_is_sent()
    {
        Task<FetchEnvelopesResponse> waiting = _transport.FetchAsync(_bob, wait: 30);
        Assert.False(waiting.IsCompleted);
        await _transport.SendAsync(_alice, Bob);
        Assert.Single((await waiting).Envelopes);
    }

    [Fact]
    public async Task A_waiting_fetch_first_looks_for_what_another_instance_took_after_a_second()
    {
        await using TransportHarness other = new(sameStorageAs: _transport);
        Task<FetchEnvelopesResponse> waiting = _transport.FetchAsync(_bob, wait: 30);
        await other.SendAsync(_alice, Bob);
        DateTimeOffset before = _transport.Time.GetUtcNow();
        Assert.Single((await _transport.Time.StepUntilDoneAsync(waiting)).Envelopes);
        Assert.InRange(_transport.Time.GetUtcNow() - before, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_waiting_fetch_comes_back_empty_when_its_time_is_over()
    {
        DateTimeOffset before = _transport.Time.GetUtcNow();
        Assert.Empty((await _transport.Time.StepUntilDoneAsync(_transport.FetchAsync(_bob, wait: 5))).Envelopes);
        Assert.Equal(TimeSpan.FromSeconds(5), _transport.Time.GetUtcNow() - before);
    }

    [Fact]
    public async Task A_fetch_that_waits_for_half_a_minute_looks_seven_times()
    {
        _transport.Tables.Calls.Clear();
        await _transport.Time.StepUntilDoneAsync(_transport.FetchAsync(_bob, wait: 30));
        Assert.Equal(7, _transport.Tables.Calls.Count(call => call == $"QUERY {TableNames.Mailbox}"));
    }

    [Fact]
    public async Task A_waiting_fetch_ends_with_its_request()
    {
        using CancellationTokenSource request = new();
        Task<TransportResult<FetchEnvelopesResponse>> waiting = _transport.Get<FetchEnvelopes>().ExecuteAsync(_bob, 30, 50, request.Token);
        await request.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Nothing_stored_shows_a_number_or_a_content()
    {
        const string Marker = "MARKER-OF-THE-CONTENT";
        await _transport.RegisterBusinessAsync("+4930123456");
        await _transport.SendAsync(_alice, Bob, text: Marker);
        await _transport.SendAsync(_bob, "+4930123456", text: Marker);
        await _transport.PumpAsync();

        string[] forbidden = [Alice[1..], Bob[1..], "4930123456", Marker, TransportHarness.PushUrl.Host];
        foreach ((_, string partition, TableWrite write) in _transport.Tables.Writes)
        {
            AssertSilent(forbidden, Encoding.UTF8.GetBytes(partition + "|" + write.RowKey));
            foreach ((_, object value) in write.Columns)
            {
                AssertSilent(forbidden, value as byte[] ?? Encoding.UTF8.GetBytes(value.ToString() ?? ""));
            }
        }

        Assert.NotEmpty(_transport.Queues.Sent);
        Assert.All(_transport.Queues.Sent, sent => AssertSilent(forbidden, Encoding.UTF8.GetBytes(sent.Body)));
    }

    [Fact]
    public async Task A_send_costs_one_commit_once_day_and_recipient_are_known()
    {
        await _transport.SendAsync(_alice, Bob);
        _transport.Tables.Calls.Clear();
        await _transport.SendAsync(_alice, Bob);
        Assert.Equal([$"COMMIT {TableNames.Mailbox}"], _transport.Tables.Calls);
    }

    private static void AssertSilent(string[] forbidden, byte[] bytes)
    {
        foreach (string text in forbidden)
        {
            Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) < 0, "Storage shows " + text);
            Assert.True(bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)) < 0, "Storage shows " + text);
        }
    }

    private async Task<int> AcknowledgeAsync(AuthenticatedDevice device, params string[] handles) =>
        (await _transport.Get<AcknowledgeEnvelopes>().ExecuteAsync(device, new AcknowledgeRequest(handles), default)).Value!.Removed;
}

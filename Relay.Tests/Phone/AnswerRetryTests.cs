using Relay.Phone;
using Relay.Phone.Events;
using Relay.Phone.Receiving;
using Relay.Shared.Content;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Phone;

/// <summary>A phone sends again what its reader couldn't decrypt: the same content, a few times, to the same identity, not for ever.</summary>
public sealed class AnswerRetryTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private PhonePair _pair = null!;
    private RawDevice _reader = null!;

    public async Task InitializeAsync()
    {
        _pair = await PhonePair.RegisteredAsync();
        _reader = await _pair.RawDeviceAsync();
        await SendAsync("first");
        Assert.NotNull(_reader.Read(Assert.Single(await _reader.FetchAsync())));
        await _reader.SendTextAsync(_pair.AnnasNumber.E164, "answer");
        await _pair.Anna.ReceiveAsync(PhonePair.Silent, None);
        await _pair.Anna.ConfirmAsync(None);
    }

    public Task DisposeAsync()
    {
        _reader.Dispose();
        _pair.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task It_sends_the_same_content_under_another_envelope_id_three_times()
    {
        string id = await SendAsync("again");
        Envelope lost = Assert.Single(await _reader.FetchAsync());
        HashSet<string> envelopes = [lost.Id];
        for (int retry = 0; retry < EnvelopeId.MaxRetries; retry++)
        {
            Assert.Empty(await AskAsync(_reader, lost.Id));
            lost = Assert.Single(await _reader.FetchAsync());
            Assert.True(envelopes.Add(lost.Id));
            DeviceContent content = _reader.Read(lost)!;
            Assert.Equal((id, "again"), (content.Id, content.Message!.Value.GetProperty("text").GetProperty("body").GetString()));
        }

        MessageRefused refused = Assert.IsType<MessageRefused>(Assert.Single(await AskAsync(_reader, lost.Id)));
        Assert.Equal((id, _reader.Number, MessageRefused.Undecryptable), (refused.Id, refused.To, refused.Reason));
        Assert.Empty(await _reader.FetchAsync());
    }

    [Fact]
    public async Task Another_identity_gets_nothing_and_that_is_told()
    {
        string id = await SendAsync("secret");
        Envelope lost = Assert.Single(await _reader.FetchAsync());
        using RawDevice other = await _pair.RawDeviceAsync();
        IReadOnlyList<PhoneEvent> events = await AskAsync(other, lost.Id);
        Assert.IsType<IdentityChanged>(events[0]);
        MessageRefused refused = Assert.IsType<MessageRefused>(events[1]);
        Assert.Equal((id, MessageRefused.IdentityChanged), (refused.Id, refused.Reason));
        Assert.Empty(await other.FetchAsync());
    }

    [Fact]
    public async Task Asking_for_two_envelopes_of_a_message_or_twice_brings_it_once()
    {
        await SendAsync("again");
        Envelope lost = Assert.Single(await _reader.FetchAsync());
        await AskAsync(_reader, lost.Id, lost.Id, EnvelopeId.Create().Hex);
        Envelope second = Assert.Single(await _reader.FetchAsync());
        await AskAsync(_reader, lost.Id, second.Id);
        Assert.Single(await _reader.FetchAsync());
        _pair.Transport.Redeliver(_pair.AnnasNumber);
        await _pair.Anna.ReceiveAsync(PhonePair.Silent, None);
        Assert.Empty(await _reader.FetchAsync());
    }

    [Fact]
    public async Task What_was_delivered_or_never_sent_or_is_a_receipt_is_not_sent_again()
    {
        string id = await SendAsync("once");
        Envelope message = Assert.Single(await _reader.FetchAsync());
        _reader.Read(message);
        await _reader.SendReceiptAsync(_pair.AnnasNumber.E164, ContentReceipt.Delivered, id);
        await _reader.SendTextAsync(_pair.AnnasNumber.E164, "to be confirmed");
        await _pair.Anna.ReceiveAsync(new ReceiveOptions(), None);
        Envelope receipt = Assert.Single(await _reader.FetchAsync());
        await AskAsync(_reader, message.Id, receipt.Id, EnvelopeId.Create().Hex);
        Assert.Empty(await _reader.FetchAsync());
    }

    [Theory]
    [InlineData("POST envelopes/ack")]
    [InlineData("POST envelopes")]
    public async Task A_crash_brings_it_once_and_byte_for_byte(string call)
    {
        await SendAsync("again");
        Envelope lost = Assert.Single(await _reader.FetchAsync());
        await _reader.OpenAsync(_pair.AnnasNumber.E164);
        await _reader.SendReceiptAsync(_pair.AnnasNumber.E164, ContentReceipt.Retry, lost.Id);
        _pair.Transport.FailsAfter = path => path == call ? throw new InvalidOperationException("killed") : false;
        await Assert.ThrowsAsync<InvalidOperationException>(() => _pair.Anna.ReceiveAsync(PhonePair.Silent, None));
        _pair.Transport.FailsAfter = _ => false;
        _pair.RestartAnna();
        await _pair.Anna.ReceiveAsync(PhonePair.Silent, None);
        Assert.NotNull(_reader.Read(Assert.Single(await _reader.FetchAsync())));
        SendEnvelopeRequest[] sent = [.. _pair.Transport.Sent.Where(request => request.To == _reader.Number.E164)];
        Assert.Single(sent.Skip(2).Select(request => (request.Id, Convert.ToBase64String(request.Content))).Distinct());
    }

    [Fact]
    public async Task A_state_that_cannot_be_saved_sends_nothing_and_counts_nothing()
    {
        await SendAsync("again");
        Envelope lost = Assert.Single(await _reader.FetchAsync());
        _pair.AnnaState.FailsNextSave = true;
        await Assert.ThrowsAsync<IOException>(() => AskAsync(_reader, lost.Id));
        Assert.Empty(await _reader.FetchAsync());
        _pair.RestartAnna();
        await _pair.Anna.ReceiveAsync(PhonePair.Silent, None);
        Assert.NotNull(_reader.Read(Assert.Single(await _reader.FetchAsync())));
    }

    [Fact]
    public async Task What_is_old_or_one_of_too_many_is_forgotten()
    {
        await SendAsync("old");
        Envelope old = Assert.Single(await _reader.FetchAsync());
        _pair.Time.Advance(TimeSpan.FromDays(30));
        await AskAsync(_reader, old.Id);
        Assert.Empty(await _reader.FetchAsync());

        for (int i = 0; i <= 100; i++)
        {
            await SendAsync($"{i}");
        }

        Envelope[] all = [.. await _reader.FetchAsync(), .. await _reader.FetchAsync(), .. await _reader.FetchAsync()];
        await AskAsync(_reader, all[0].Id, all[1].Id);
        DeviceContent content = _reader.Read(Assert.Single(await _reader.FetchAsync()))!;
        Assert.Equal("1", content.Message!.Value.GetProperty("text").GetProperty("body").GetString());
    }

    [Fact]
    public async Task The_state_stays_of_a_sane_size()
    {
        for (int i = 0; i < 120; i++)
        {
            await SendAsync(new string('x', 1_000));
        }

        Assert.InRange(_pair.AnnaState.Bytes, 100_000, 250_000);
        for (int i = 0; i < 20; i++)
        {
            await SendAsync(new string('x', 40_000));
        }

        Assert.InRange(_pair.AnnaState.Bytes, 300_000, 450_000);
        await SendAsync("last");
        await _reader.SendReceiptAsync(
            _pair.AnnasNumber.E164, ContentReceipt.Read, [.. _pair.Transport.Sent.TakeLast(ContentReceipt.MaxIds).Select(sent => sent.Id)]);
        await _pair.Anna.ReceiveAsync(PhonePair.Silent, None);
        await _pair.Anna.ConfirmAsync(None);
        Assert.InRange(_pair.AnnaState.Bytes, 10_000, 50_000);
    }

    [Fact]
    public async Task A_message_refused_by_the_transport_is_not_kept()
    {
        _pair.Transport.Unregister(_reader.Number);
        Assert.IsType<MessageRefused>(await _pair.Anna.SendTextAsync(_reader.Number, "gone", null, None));
        Assert.DoesNotContain("gone", System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(
            string.Concat((await _pair.AnnaState.ReadAsync())["conversations"]![_reader.Number.Digits]!["sent"]!["messages"]!.AsArray()
                .Select(message => message!["content"]!.GetValue<string>()).TakeLast(1)))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_answered_for_a_month_so_another_session_is_opened_and_another_identity_told()
    {
        await _pair.Anna.SendTextAsync(_pair.BertasNumber, "early", null, None);
        int bundles = _pair.Transport.BundlesTaken;
        using PhoneDevice newBerta = new(new CrashingState(), _pair.Transport.Connect(), _pair.Time);
        await PhonePair.RegisterAsync(newBerta, _pair.BertasNumber);
        _pair.Time.Advance(TimeSpan.FromDays(29));
        await _pair.Anna.SendTextAsync(_pair.BertasNumber, "later", null, None);
        Assert.Equal(bundles, _pair.Transport.BundlesTaken);

        _pair.Time.Advance(TimeSpan.FromDays(1));
        _pair.Transport.FailsBefore = path => path is "POST bundles" or "POST envelopes";
        Assert.True(Assert.IsType<MessageSent>(await _pair.Anna.SendTextAsync(_pair.BertasNumber, "waits", null, None)).Queued);
        _pair.Transport.FailsBefore = _ => false;
        await _pair.Anna.SendTextAsync(_pair.BertasNumber, "late", null, None);
        Assert.Equal(bundles + 1, _pair.Transport.BundlesTaken);
        Assert.Equal(["late"], await PhonePair.TextsAsync(newBerta));
        Assert.Equal(_pair.BertasNumber, Assert.IsType<IdentityChanged>((await _pair.Anna.ReceiveAsync(PhonePair.Silent, None))[0]).From);
    }

    private async Task<string> SendAsync(string text) =>
        Assert.IsType<MessageSent>(await _pair.Anna.SendTextAsync(_reader.Number, text, null, None)).Id;

    /// <summary>A device asks for envelopes in a session of its own.</summary>
    private async Task<IReadOnlyList<PhoneEvent>> AskAsync(RawDevice device, params string[] envelopes)
    {
        await device.OpenAsync(_pair.AnnasNumber.E164);
        await device.SendReceiptAsync(_pair.AnnasNumber.E164, ContentReceipt.Retry, envelopes);
        return await _pair.Anna.ReceiveAsync(PhonePair.Silent, None);
    }
}

using Relay.Phone;
using Relay.Phone.Events;
using Relay.Phone.Receiving;
using Xunit;

namespace Relay.Tests.Phone;

/// <summary>Whatever breaks, wherever: nothing is lost, nothing shows twice, no ciphertext is made twice.</summary>
public sealed class CrashTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_repeat_is_dropped_and_acknowledged()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await pair.AnnaSendsAsync("once");
        await pair.AnnaSendsAsync("twice");
        Assert.Equal(["once", "twice"], await PhonePair.TextsAsync(pair.Berta));
        pair.Transport.Redeliver(pair.BertasNumber);
        pair.RestartBerta();
        await pair.Berta.ConfirmAsync(None);
        IReadOnlyList<PhoneEvent> left = await pair.Berta.ReceiveAsync(new ReceiveOptions(), None);
        Assert.Equal(2, left.Count);
        Assert.Empty(await pair.Berta.ReceiveAsync(new ReceiveOptions(), None));
        Assert.Equal(0, pair.Transport.Waiting(pair.BertasNumber));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_send_that_broke_is_repeated_byte_for_byte(bool arrives)
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        Func<string, bool> fails = path => path == "POST envelopes";
        pair.Transport.FailsBefore = path => !arrives && fails(path);
        pair.Transport.FailsAfter = path => arrives && fails(path);
        MessageSent sent = Assert.IsType<MessageSent>(await pair.Anna.SendTextAsync(pair.BertasNumber, "hello", null, None));
        Assert.True(sent.Queued);

        pair.Transport.FailsBefore = pair.Transport.FailsAfter = _ => false;
        pair.RestartAnna();
        await pair.Anna.EmptyOutboxAsync(None);
        Assert.All(pair.Transport.Sent, request => Assert.Equal((sent.Id, Convert.ToBase64String(sent.Envelope ?? [])), (request.Id, Convert.ToBase64String(request.Content))));
        Assert.Equal(arrives ? 2 : 1, pair.Transport.Sent.Count);
        Assert.Equal(0, (await pair.Anna.GetStatusAsync(None)).Outbox);
        Assert.Equal(["hello"], await PhonePair.TextsAsync(pair.Berta));
    }

    [Fact]
    public async Task Order_is_kept_when_the_transport_comes_back()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await pair.AnnaSendsAsync("1");
        pair.Transport.FailsBefore = path => path == "POST envelopes";
        await pair.AnnaSendsAsync("2");
        await pair.AnnaSendsAsync("3");
        pair.Transport.FailsBefore = _ => false;
        await pair.AnnaSendsAsync("4");
        Assert.Equal(["1", "2", "3", "4"], await PhonePair.TextsAsync(pair.Berta));
    }

    [Fact]
    public async Task Nothing_leaves_when_the_state_cannot_be_saved()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await pair.AnnaSendsAsync("1");
        pair.AnnaState.FailsNextSave = true;
        await Assert.ThrowsAsync<IOException>(() => pair.Anna.SendTextAsync(pair.BertasNumber, "2", null, None));
        Assert.Single(pair.Transport.Sent);

        // The ratchet went back with the state: its next step is a first use, not a second.
        await pair.AnnaSendsAsync("3");
        Assert.Equal(["1", "3"], await PhonePair.TextsAsync(pair.Berta));
    }

    [Fact]
    public async Task Nothing_is_acknowledged_when_the_state_cannot_be_saved()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await pair.AnnaSendsAsync("hello");
        pair.BertaState.FailsNextSave = true;
        await Assert.ThrowsAsync<IOException>(() => pair.Berta.ReceiveAsync(new ReceiveOptions(), None));
        Assert.Empty(pair.Transport.Acknowledged);
        pair.RestartBerta();
        Assert.Equal(["hello"], await PhonePair.TextsAsync(pair.Berta));
    }

    [Fact]
    public async Task A_crash_between_saving_and_acknowledging_shows_the_message_once()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await pair.AnnaSendsAsync("hello");
        pair.Transport.FailsBefore = path => path == "POST envelopes/ack" ? throw new InvalidOperationException("killed") : false;
        await Assert.ThrowsAsync<InvalidOperationException>(() => pair.Berta.ReceiveAsync(new ReceiveOptions(), None));
        Assert.Equal(1, pair.Transport.Waiting(pair.BertasNumber));

        pair.Transport.FailsBefore = _ => false;
        pair.RestartBerta();
        Assert.Equal(["hello"], await PhonePair.TextsAsync(pair.Berta));
        Assert.Empty(await pair.Berta.ReceiveAsync(new ReceiveOptions(), None));
        Assert.Equal(0, pair.Transport.Waiting(pair.BertasNumber));
    }

    [Fact]
    public async Task A_crash_before_showing_shows_the_message_in_the_next_run()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await pair.AnnaSendsAsync("hello");
        await pair.Berta.ReceiveAsync(new ReceiveOptions(), None);
        pair.RestartBerta();
        Assert.Equal(["hello"], await PhonePair.TextsAsync(pair.Berta));
        await pair.Berta.ConfirmAsync(None);
        pair.RestartBerta();
        Assert.Empty(await PhonePair.TextsAsync(pair.Berta));
    }

    [Fact]
    public async Task Receipts_wait_for_the_transport_too()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        string id = await pair.AnnaSendsAsync("hello");
        pair.Transport.FailsBefore = path => path == "POST envelopes";
        Assert.Equal(["hello"], await PhonePair.TextsAsync(pair.Berta));
        pair.Transport.FailsBefore = _ => false;
        pair.RestartBerta();
        await pair.Berta.EmptyOutboxAsync(None);
        ReceiptReceived receipt = Assert.IsType<ReceiptReceived>(Assert.Single(await pair.Anna.ReceiveAsync(new ReceiveOptions(), None)));
        Assert.Equal([id], receipt.Ids);
    }

    [Fact]
    public async Task Registering_twice_or_with_a_wrong_code_is_refused()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await Assert.ThrowsAsync<PhoneException>(() => PhonePair.RegisterAsync(pair.Anna, pair.AnnasNumber));
        using PhoneDevice third = new(new CrashingState(), pair.Transport.Connect(), pair.Time);
        await Assert.ThrowsAsync<PhoneException>(
            () => third.RegisterAsync(pair.AnnasNumber, (_, _) => Task.FromResult(new Relay.Shared.Primitives.Secret("000000")), None));
        await Assert.ThrowsAsync<PhoneException>(() => third.GetStatusAsync(None));
    }
}

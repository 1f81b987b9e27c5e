using Relay.Phone;
using Relay.Phone.Events;
using Relay.Phone.Receiving;
using Relay.Shared.Content;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Wire;
using Xunit;

namespace Relay.Tests.Phone;

/// <summary>Two phones talk through a transport.</summary>
public sealed class ConversationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_first_message_arrives_and_uses_one_one_time_key()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        string id = await pair.AnnaSendsAsync("hello");

        MessageReceived message = Assert.IsType<MessageReceived>(Assert.Single(await pair.Berta.ReceiveAsync(PhonePair.Silent, None)));
        Assert.Equal((id, "hello", pair.AnnasNumber), (message.Id, message.Text, message.From));
        Assert.Equal("hello", message.Message.GetProperty("text").GetProperty("body").GetString());
        Assert.Equal(pair.Transport.Sent[0].Content, message.Envelope);
        Assert.Equal(Envelope.PreKey, pair.Transport.Sent[0].Type);
        Assert.Equal(99, (await pair.Berta.GetStatusAsync(None)).OneTimePreKeys);
        Assert.Equal(0, pair.Transport.Waiting(pair.BertasNumber));
    }

    [Fact]
    public async Task A_conversation_takes_one_bundle_and_goes_both_ways()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        for (int i = 0; i < 10; i++)
        {
            await pair.AnnaSendsAsync($"a{i}");
            Assert.Equal([$"a{i}"], await PhonePair.TextsAsync(pair.Berta));
            await pair.BertaSendsAsync($"b{i}");
            Assert.Equal([$"b{i}"], await PhonePair.TextsAsync(pair.Anna));
        }

        Assert.Equal(1, pair.Transport.BundlesTaken);
    }

    [Fact]
    public async Task Both_may_begin_at_once()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await pair.AnnaSendsAsync("a1");
        await pair.BertaSendsAsync("b1");
        Assert.Equal(["a1"], await PhonePair.TextsAsync(pair.Berta));
        Assert.Equal(["b1"], await PhonePair.TextsAsync(pair.Anna));
        await pair.AnnaSendsAsync("a2");
        await pair.BertaSendsAsync("b2");
        Assert.Equal(["a2"], await PhonePair.TextsAsync(pair.Berta));
        Assert.Equal(["b2"], await PhonePair.TextsAsync(pair.Anna));
    }

    [Fact]
    public async Task A_reply_says_whose_message_it_answers()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        string first = await pair.AnnaSendsAsync("question");
        await PhonePair.TextsAsync(pair.Berta, PhonePair.Silent);
        Assert.True(EnvelopeId.TryParse(first, out EnvelopeId id));
        await pair.BertaSendsAsync("answer", id);
        await pair.AnnaSendsAsync("I meant", id);

        MessageReceived answer = Assert.IsType<MessageReceived>(Assert.Single(await pair.Anna.ReceiveAsync(PhonePair.Silent, None)));
        Assert.Equal(new ContentContext(first, ContentContext.Business), answer.Context);
        MessageReceived own = Assert.IsType<MessageReceived>(Assert.Single(await pair.Berta.ReceiveAsync(PhonePair.Silent, None)));
        Assert.Equal(new ContentContext(first, ContentContext.User), own.Context);
    }

    [Fact]
    public async Task One_receipt_per_sender_and_batch_tells_all_ids()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        string[] ids = [await pair.AnnaSendsAsync("1"), await pair.AnnaSendsAsync("2"), await pair.AnnaSendsAsync("3")];
        await pair.Berta.ReceiveAsync(new ReceiveOptions(), None);

        ReceiptReceived receipt = Assert.IsType<ReceiptReceived>(Assert.Single(await pair.Anna.ReceiveAsync(new ReceiveOptions(), None)));
        Assert.Equal(ContentReceipt.Delivered, receipt.Status);
        Assert.Equal(ids, receipt.Ids);
        Assert.Equal(4, pair.Transport.Sent.Count);
    }

    [Fact]
    public async Task Read_receipts_go_once()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        string id = await pair.AnnaSendsAsync("1");
        await pair.Berta.ReceiveAsync(PhonePair.Silent, None);
        Assert.Equal(1, (await pair.Berta.GetStatusAsync(None)).Unread);
        Assert.Equal(1, await pair.Berta.MarkReadAsync(null, None));
        Assert.Equal(0, await pair.Berta.MarkReadAsync(null, None));

        ReceiptReceived receipt = Assert.IsType<ReceiptReceived>(Assert.Single(await pair.Anna.ReceiveAsync(new ReceiveOptions(), None)));
        Assert.Equal((ContentReceipt.Read, id), (receipt.Status, Assert.Single(receipt.Ids)));
    }

    [Fact]
    public async Task Receiving_can_mark_read_at_once()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await pair.AnnaSendsAsync("1");
        await pair.Berta.ReceiveAsync(new ReceiveOptions { SendRead = true }, None);
        IReadOnlyList<PhoneEvent> receipts = await pair.Anna.ReceiveAsync(new ReceiveOptions(), None);
        Assert.Equal([ContentReceipt.Delivered, ContentReceipt.Read], receipts.Cast<ReceiptReceived>().Select(receipt => receipt.Status));
        Assert.Equal(0, (await pair.Berta.GetStatusAsync(None)).Unread);
    }

    [Fact]
    public async Task Waiting_ends_when_the_time_is_over()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        DateTimeOffset start = pair.Time.GetUtcNow();
        Assert.Empty(await pair.Anna.ReceiveAsync(new ReceiveOptions { Wait = TimeSpan.FromSeconds(45) }, None));
        Assert.Equal(TimeSpan.FromSeconds(45), pair.Time.GetUtcNow() - start);
    }

    [Fact]
    public async Task What_cannot_be_read_is_told_and_acknowledged()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        pair.Transport.Inject(pair.AnnasNumber, new Envelope
        {
            Id = "0123456789abcdef",
            From = pair.BertasNumber.E164,
            Type = Envelope.Message,
            Content = [0x33, 1, 2, 3],
            Timestamp = 1,
        });
        MessageUndecryptable lost = Assert.IsType<MessageUndecryptable>(Assert.Single(await pair.Anna.ReceiveAsync(new ReceiveOptions(), None)));
        Assert.Equal(("0123456789abcdef", pair.BertasNumber), (lost.Id, lost.From));
        Assert.Equal(0, pair.Transport.Waiting(pair.AnnasNumber));
    }

    [Fact]
    public async Task A_new_device_of_a_correspondent_is_accepted_and_told()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await pair.AnnaSendsAsync("1");
        await pair.Berta.ReceiveAsync(PhonePair.Silent, None);
        using PhoneDevice newAnna = new(new CrashingState(), pair.Transport.Connect(), pair.Time);
        await PhonePair.RegisterAsync(newAnna, pair.AnnasNumber);
        await newAnna.SendTextAsync(pair.BertasNumber, "new phone", null, None);

        IReadOnlyList<PhoneEvent> events = await pair.Berta.ReceiveAsync(PhonePair.Silent, None);
        Assert.Equal(pair.AnnasNumber, Assert.IsType<IdentityChanged>(events[0]).From);
        Assert.Equal("new phone", Assert.IsType<MessageReceived>(events[1]).Text);
        await pair.BertaSendsAsync("welcome");
        Assert.Equal(["welcome"], await PhonePair.TextsAsync(newAnna));
    }

    [Fact]
    public async Task A_number_without_a_device_is_told_before_anything_is_made()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        PhoneException error = await Assert.ThrowsAsync<PhoneException>(
            () => pair.Anna.SendTextAsync(PhonePair.Number("+4915100000000"), "x", null, None));
        Assert.DoesNotContain("4915100000000", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await pair.Anna.GetStatusAsync(None)).Outbox);
    }

    [Fact]
    public async Task What_does_not_fit_an_envelope_is_told_before_anything_is_made()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        string large = new('x', 42_800);
        await Assert.ThrowsAsync<PhoneException>(() => pair.Anna.SendTextAsync(pair.BertasNumber, large + large, null, None));
        Assert.Empty(pair.Transport.Sent);

        await pair.AnnaSendsAsync(large);
        Assert.InRange(pair.Transport.Sent[^1].Content.Length, 44_500, TransportLimits.MaxEnvelopeBytes);
        Assert.Equal([large], await PhonePair.TextsAsync(pair.Berta, PhonePair.Silent));
    }

    [Fact]
    public async Task The_key_stock_is_filled_again_when_it_runs_low()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        pair.Transport.SpendPreKeys(pair.BertasNumber, leave: 19);
        await pair.Berta.ReceiveAsync(new ReceiveOptions(), None);
        Assert.Equal(100, pair.Transport.PreKeysLeft(pair.BertasNumber));
        Assert.Equal(181, (await pair.Berta.GetStatusAsync(None)).OneTimePreKeys);
    }

    [Fact]
    public async Task Keys_whose_upload_broke_are_uploaded_as_they_are()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        pair.Transport.SpendPreKeys(pair.BertasNumber, leave: 0);
        pair.Transport.FailsBefore = path => path == "PUT keys";
        await pair.Berta.ReceiveAsync(new ReceiveOptions(), None);
        pair.Transport.FailsBefore = _ => false;
        pair.RestartBerta();
        await pair.Berta.ReceiveAsync(new ReceiveOptions(), None);
        Assert.Equal(100, pair.Transport.PreKeysLeft(pair.BertasNumber));
        Assert.Equal(200, (await pair.Berta.GetStatusAsync(None)).OneTimePreKeys);
        await pair.AnnaSendsAsync("with a new key");
        Assert.Equal(["with a new key"], await PhonePair.TextsAsync(pair.Berta));
    }

    [Fact]
    public async Task The_signed_key_is_renewed_each_week_and_the_old_one_still_opens()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await pair.AnnaSendsAsync("made with the old key");
        pair.Time.Advance(TimeSpan.FromDays(8));
        Assert.Equal(["made with the old key"], await PhonePair.TextsAsync(pair.Berta));
        Assert.Equal(2, (await pair.Berta.GetStatusAsync(None)).SignedPreKeys);
    }
}

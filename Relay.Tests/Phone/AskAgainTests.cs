using Relay.Phone;
using Relay.Phone.Events;
using Relay.Phone.Receiving;
using Relay.Shared.Content;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Phone;

/// <summary>What a phone can't decrypt, it asks for again; then it arrives, once.</summary>
public sealed class AskAgainTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task What_a_lost_session_made_unreadable_arrives_after_all_and_once()
    {
        using PhonePair pair = await PhonePair.BertaForgotAsync();
        int bundles = pair.Transport.BundlesTaken;
        string id = await pair.AnnaSendsAsync("lost");
        MessageUndecryptable lost = Assert.IsType<MessageUndecryptable>(Assert.Single(await pair.Berta.ReceiveAsync(new ReceiveOptions(), None)));
        Assert.Equal((id, nameof(SessionOutcome.NoSession), true), (lost.Id, lost.Reason, lost.RetryAsked));
        Assert.Equal(Envelope.PreKey, pair.Transport.Sent[^1].Type);

        Assert.Empty(await pair.Anna.ReceiveAsync(new ReceiveOptions(), None));
        Assert.NotEqual(id, pair.Transport.Sent[^1].Id);
        MessageReceived found = Assert.IsType<MessageReceived>(Assert.Single(await pair.Berta.ReceiveAsync(new ReceiveOptions(), None)));
        Assert.Equal((id, "lost"), (found.Id, found.Text));
        Assert.Equal([id], Assert.IsType<ReceiptReceived>(Assert.Single(await pair.Anna.ReceiveAsync(new ReceiveOptions(), None))).Ids);
        Assert.Equal(bundles + 1, pair.Transport.BundlesTaken);

        pair.Transport.Redeliver(pair.BertasNumber);
        Assert.Empty(await pair.Berta.ReceiveAsync(new ReceiveOptions(), None));
        await pair.AnnaSendsAsync("and on");
        Assert.Equal(["and on"], await PhonePair.TextsAsync(pair.Berta));
    }

    [Fact]
    public async Task All_of_a_batch_is_asked_for_in_one_receipt()
    {
        using PhonePair pair = await PhonePair.BertaForgotAsync();
        int sent = pair.Transport.Sent.Count;
        string[] texts = ["1", "2", "3", "4", "5"];
        foreach (string text in texts)
        {
            await pair.AnnaSendsAsync(text);
        }

        Assert.Equal(5, (await pair.Berta.ReceiveAsync(new ReceiveOptions(), None)).Count);
        Assert.Equal(sent + 6, pair.Transport.Sent.Count);
        await pair.Anna.ReceiveAsync(new ReceiveOptions(), None);
        Assert.Equal(texts, await PhonePair.TextsAsync(pair.Berta));
    }

    [Theory]
    [InlineData("POST bundles", true)]
    [InlineData("POST bundles", false)]
    [InlineData("POST envelopes", true)]
    [InlineData("POST envelopes", false)]
    [InlineData("POST envelopes/ack", true)]
    [InlineData("POST envelopes/ack", false)]
    public async Task A_break_anywhere_loses_and_repeats_nothing(string call, bool arrives)
    {
        using PhonePair pair = await PhonePair.BertaForgotAsync();
        string id = await pair.AnnaSendsAsync("lost");
        pair.Transport.FailsBefore = path => !arrives && path == call;
        pair.Transport.FailsAfter = path => arrives && path == call;
        Assert.Single(await pair.Berta.ReceiveAsync(PhonePair.Silent, None));
        await pair.Berta.ConfirmAsync(None);
        pair.Transport.FailsBefore = pair.Transport.FailsAfter = _ => false;
        await ArrivesOnceAsync(pair, id);
    }

    [Theory]
    [InlineData("POST bundles")]
    [InlineData("POST envelopes")]
    public async Task A_crash_anywhere_loses_and_repeats_nothing(string call)
    {
        using PhonePair pair = await PhonePair.BertaForgotAsync();
        string id = await pair.AnnaSendsAsync("lost");
        pair.Transport.FailsAfter = path => path == call ? throw new InvalidOperationException("killed") : false;
        await Assert.ThrowsAsync<InvalidOperationException>(() => pair.Berta.ReceiveAsync(PhonePair.Silent, None));
        pair.Transport.FailsAfter = _ => false;
        await ArrivesOnceAsync(pair, id);
    }

    [Fact]
    public async Task Nothing_is_asked_for_when_the_state_cannot_be_saved()
    {
        using PhonePair pair = await PhonePair.BertaForgotAsync();
        string id = await pair.AnnaSendsAsync("lost");
        int sent = pair.Transport.Sent.Count;
        pair.Transport.FailsAfter = path =>
        {
            pair.BertaState.FailsNextSave |= path == "POST bundles";
            return false;
        };
        await Assert.ThrowsAsync<IOException>(() => pair.Berta.ReceiveAsync(PhonePair.Silent, None));
        Assert.Equal(sent, pair.Transport.Sent.Count);
        pair.Transport.FailsAfter = _ => false;
        await ArrivesOnceAsync(pair, id);
    }

    [Fact]
    public async Task A_sender_of_garbage_is_asked_three_times_an_hour()
    {
        using PhonePair pair = await PhonePair.BertaForgotAsync();
        int sent = pair.Transport.Sent.Count;
        int bundles = pair.Transport.BundlesTaken;
        for (int i = 0; i < 5; i++)
        {
            await InjectGarbageAsync(pair);
            Assert.True(Assert.IsType<MessageUndecryptable>(Assert.Single(await pair.Berta.ReceiveAsync(PhonePair.Silent, None))).RetryAsked);
        }

        Assert.Equal(sent + 3, pair.Transport.Sent.Count);
        Assert.Equal(bundles + 5 + 1, pair.Transport.BundlesTaken);
        pair.Time.Advance(TimeSpan.FromHours(1));
        pair.RestartBerta();
        await pair.Berta.ReceiveAsync(PhonePair.Silent, None);
        await pair.Berta.ReceiveAsync(PhonePair.Silent, None);
        Assert.Equal(sent + 4, pair.Transport.Sent.Count);
    }

    [Fact]
    public async Task What_waits_to_be_asked_for_is_bounded()
    {
        using PhonePair pair = await PhonePair.BertaForgotAsync();
        for (int i = 0; i < 40; i++)
        {
            await InjectGarbageAsync(pair);
        }

        IReadOnlyList<PhoneEvent> events = await pair.Berta.ReceiveAsync(PhonePair.Silent, None);
        Assert.Equal(ContentReceipt.MaxIds, events.Cast<MessageUndecryptable>().Count(lost => lost.RetryAsked));
    }

    [Fact]
    public async Task What_came_twice_or_never_was_a_message_is_not_asked_for()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await pair.AnnaSendsAsync("once");
        Envelope genuine = pair.Transport.Intercept(pair.BertasNumber)[0];
        pair.Transport.Inject(pair.BertasNumber, genuine);
        await pair.Berta.ReceiveAsync(PhonePair.Silent, None);
        pair.Transport.Inject(pair.BertasNumber, genuine with { Id = EnvelopeId.Create().Hex });
        pair.Transport.Inject(pair.BertasNumber, genuine with { Id = EnvelopeId.Create().Hex, Content = [0x44, 1, 2] });
        IReadOnlyList<PhoneEvent> events = await pair.Berta.ReceiveAsync(PhonePair.Silent, None);
        Assert.Equal(
            [(nameof(SessionOutcome.Duplicate), false), (nameof(SessionOutcome.Malformed), false)],
            events.Cast<MessageUndecryptable>().Select(lost => (lost.Reason, lost.RetryAsked)));
        Assert.Single(pair.Transport.Sent);
    }

    [Fact]
    public async Task A_session_of_ours_that_nobody_answered_yet_serves()
    {
        using PhonePair pair = await PhonePair.BertaForgotAsync();
        await pair.BertaSendsAsync("again");
        int bundles = pair.Transport.BundlesTaken;
        await pair.AnnaSendsAsync("lost");
        Assert.Single(await pair.Berta.ReceiveAsync(PhonePair.Silent, None));
        Assert.Equal(bundles, pair.Transport.BundlesTaken);
        Assert.Equal(["again"], await PhonePair.TextsAsync(pair.Anna, PhonePair.Silent));
        Assert.Equal(["lost"], await PhonePair.TextsAsync(pair.Berta));
    }

    [Fact]
    public async Task A_sender_without_a_device_is_given_up()
    {
        using PhonePair pair = await PhonePair.BertaForgotAsync();
        await InjectGarbageAsync(pair, from: "+4915100000000");
        Assert.IsType<MessageUndecryptable>(Assert.Single(await pair.Berta.ReceiveAsync(PhonePair.Silent, None)));
        Assert.Empty((await pair.BertaState.ReadAsync())["conversations"]!["4915100000000"]!["retries"]!["envelopes"]!.AsArray());
        await pair.AnnaSendsAsync("lost");
        await pair.Berta.ReceiveAsync(PhonePair.Silent, None);
        await pair.Anna.ReceiveAsync(PhonePair.Silent, None);
        Assert.Equal(["lost"], await PhonePair.TextsAsync(pair.Berta));
    }

    [Fact]
    public async Task Another_identity_found_while_asking_is_told()
    {
        using PhonePair pair = await PhonePair.BertaForgotAsync();
        await pair.BertaSendsAsync("again");
        await pair.Anna.ReceiveAsync(PhonePair.Silent, None);
        await pair.AnnaSendsAsync("answer");
        await pair.Berta.ReceiveAsync(PhonePair.Silent, None);

        using PhoneDevice newAnna = new(new CrashingState(), pair.Transport.Connect(), pair.Time);
        await PhonePair.RegisterAsync(newAnna, pair.AnnasNumber);
        await InjectGarbageAsync(pair);
        IReadOnlyList<PhoneEvent> events = await pair.Berta.ReceiveAsync(PhonePair.Silent, None);
        Assert.IsType<MessageUndecryptable>(events[0]);
        Assert.Equal(pair.AnnasNumber, Assert.IsType<IdentityChanged>(events[1]).From);
        await newAnna.ReceiveAsync(PhonePair.Silent, None);
        await pair.BertaSendsAsync("welcome");
        Assert.Equal(["welcome"], await PhonePair.TextsAsync(newAnna));
    }

    /// <summary>Berta starts again, and the message comes by asking for it.</summary>
    private static async Task ArrivesOnceAsync(PhonePair pair, string id)
    {
        pair.RestartBerta();
        List<PhoneEvent> events = [];
        for (int i = 0; i < 4; i++)
        {
            events.AddRange(await pair.Berta.ReceiveAsync(PhonePair.Silent, None));
            Assert.Empty(await pair.Anna.ReceiveAsync(PhonePair.Silent, None));
        }

        Assert.Equal(id, Assert.Single(events.OfType<MessageReceived>()).Id);
        Assert.Equal(0, (await pair.Berta.GetStatusAsync(None)).Outbox);
        Assert.Equal(0, pair.Transport.Waiting(pair.BertasNumber));
    }

    private static async Task InjectGarbageAsync(PhonePair pair, string? from = null)
    {
        IReadOnlyList<Envelope> waiting = pair.Transport.Intercept(pair.BertasNumber);
        using RawDevice garbler = await pair.RawDeviceAsync();
        await garbler.OpenAsync(pair.BertasNumber.E164);
        Envelope garbage = garbler.Encrypt(new DeviceContent
        {
            Id = EnvelopeId.Create().Hex,
            Timestamp = 1,
            Receipt = new ContentReceipt(ContentReceipt.Read, ["0123456789abcdef"]),
        });
        garbage.Content[^1] ^= 1;
        foreach (Envelope envelope in waiting.Append(garbage with { From = from ?? pair.AnnasNumber.E164 }))
        {
            pair.Transport.Inject(pair.BertasNumber, envelope);
        }
    }
}

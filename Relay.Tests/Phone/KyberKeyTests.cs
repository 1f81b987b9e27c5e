using System.Text.Json.Nodes;
using Relay.Phone;
using Relay.Phone.Events;
using Relay.Phone.Keys;
using Relay.Phone.Receiving;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Wire;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Phone;

/// <summary>The phone's Kyber keys: published, used once, renewed; and peers without any.</summary>
public sealed class KyberKeyTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_first_message_opens_version_4_and_uses_one_key_of_each_kind()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        Assert.Equal(30, pair.Transport.KyberPreKeysLeft(pair.BertasNumber));
        Assert.NotNull(pair.Transport.LastResortKeyOf(pair.BertasNumber));
        await pair.AnnaSendsAsync("hello");
        Assert.Equal(SessionProtocols.PqxdhSpqr, First(pair.Transport.Sent[0].Content).Protocol);
        Assert.Equal(["hello"], await PhonePair.TextsAsync(pair.Berta));
        Assert.Equal((99, 29), await KeysAsync(pair.Berta));
    }

    [Fact]
    public async Task A_first_message_that_fails_uses_none()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await pair.AnnaSendsAsync("hello");
        Envelope envelope = Assert.Single(pair.Transport.Intercept(pair.BertasNumber));
        byte[] spoiled = [.. envelope.Content];
        spoiled[spoiled.Length / 2] ^= 1;
        pair.Transport.Inject(pair.BertasNumber, envelope with { Id = "0123456789abcdef", Content = spoiled });
        Assert.IsType<MessageUndecryptable>(Assert.Single(await pair.Berta.ReceiveAsync(new ReceiveOptions(), None)));
        Assert.Equal((100, 30), await KeysAsync(pair.Berta));

        pair.Transport.Inject(pair.BertasNumber, envelope);
        Assert.Equal(["hello"], await PhonePair.TextsAsync(pair.Berta));
    }

    [Fact]
    public async Task Keys_and_session_change_in_one_write()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await pair.AnnaSendsAsync("hello");
        pair.BertaState.FailsNextSave = true;
        await Assert.ThrowsAsync<IOException>(() => pair.Berta.ReceiveAsync(new ReceiveOptions(), None));
        pair.RestartBerta();
        Assert.Equal((100, 30), await KeysAsync(pair.Berta));
        Assert.Equal(["hello"], await PhonePair.TextsAsync(pair.Berta));
        Assert.Equal((99, 29), await KeysAsync(pair.Berta));
    }

    [Fact]
    public async Task A_repeat_opens_nothing_with_the_last_resort_key_though_its_session_is_gone()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        pair.Transport.SpendPreKeys(pair.BertasNumber, leave: 0);
        pair.Transport.SpendKyberPreKeys(pair.BertasNumber, leave: 0);
        await pair.AnnaSendsAsync("once");
        Envelope first = pair.Transport.Intercept(pair.BertasNumber)[0];
        Assert.Equal(pair.Transport.LastResortKeyOf(pair.BertasNumber), First(first.Content).KyberPreKeyId);
        pair.Transport.Inject(pair.BertasNumber, first);
        Assert.Equal(["once"], await PhonePair.TextsAsync(pair.Berta, PhonePair.Silent));

        await pair.ForgetBertasSessionsAsync();
        await pair.Berta.ConfirmAsync(None);
        await PhonePair.TextsAsync(pair.Berta, PhonePair.Silent);
        pair.Transport.Inject(pair.BertasNumber, first with { Id = "0123456789abcdef" });
        MessageUndecryptable refused = Assert.IsType<MessageUndecryptable>(Assert.Single(await pair.Berta.ReceiveAsync(PhonePair.Silent, None)));
        Assert.Equal((nameof(SessionOutcome.Duplicate), false), (refused.Reason, refused.RetryAsked));
        await Assert.ThrowsAsync<PhoneException>(() => pair.Berta.SafetyNumberAsync(pair.AnnasNumber, None));
    }

    [Fact]
    public void A_last_resort_key_opens_each_session_once_and_not_without_end()
    {
        using IdentityKeyPair identity = IdentityKeyPair.Generate();
        using KyberStock stock = new();
        Assert.True(stock.IsDue);
        stock.Rotate(identity, DateTimeOffset.UnixEpoch);
        Assert.False(stock.IsDue);
        uint id = stock.LastResort[0].Key.Id;
        using KeyPair baseKey = KeyPair.Generate();
        PreKeyUse use = new() { SignedPreKeyId = 1, KyberPreKeyId = id, BaseKey = baseKey.PublicKey };
        Assert.True(stock.Use(use));
        Assert.False(stock.Use(use));
        for (uint signed = 2; signed <= LastResortKey.MaxUses; signed++)
        {
            Assert.True(stock.Use(use with { SignedPreKeyId = signed }));
        }

        Assert.Null(stock.Find(id));
        Assert.True(stock.IsDue);
    }

    [Fact]
    public async Task The_stock_is_filled_again_when_it_runs_low()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        pair.Transport.SpendKyberPreKeys(pair.BertasNumber, leave: 9);
        await pair.Berta.ReceiveAsync(new ReceiveOptions(), None);
        Assert.Equal(30, pair.Transport.KyberPreKeysLeft(pair.BertasNumber));
        Assert.Equal((100, 51), await KeysAsync(pair.Berta));
    }

    [Fact]
    public async Task A_device_that_keeps_no_one_time_keys_is_written_to_all_the_same_and_makes_none()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        using MemoryPhoneState state = new();
        using PhoneDevice carla = new(state, pair.Transport.Connect(), pair.Time, KeySupply.None);
        PhoneNumber number = PhonePair.Number("+4915155555555");
        await PhonePair.RegisterAsync(carla, number);
        await pair.Anna.SendTextAsync(number, "hello", null, None);
        Assert.Equal(SessionProtocols.PqxdhSpqr, First(pair.Transport.Sent[^1].Content).Protocol);
        Assert.Equal(["hello"], await PhonePair.TextsAsync(carla));
        Assert.Equal((0, 0), (pair.Transport.PreKeysLeft(number), pair.Transport.KyberPreKeysLeft(number)));
        Assert.Equal((0, 0), await KeysAsync(carla));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Keys_whose_upload_broke_are_uploaded_as_they_are(bool arrives)
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        pair.Transport.SpendKyberPreKeys(pair.BertasNumber, leave: 0);
        pair.Time.Advance(TimeSpan.FromDays(7));
        pair.Transport.FailsBefore = path => !arrives && path == "PUT keys";
        pair.Transport.FailsAfter = path => arrives && path == "PUT keys";
        await pair.Berta.ReceiveAsync(new ReceiveOptions(), None);
        pair.Transport.FailsBefore = pair.Transport.FailsAfter = _ => false;
        pair.RestartBerta();
        await pair.Berta.ReceiveAsync(new ReceiveOptions(), None);
        Assert.Equal(30, pair.Transport.KyberPreKeysLeft(pair.BertasNumber));
        Assert.Equal((100, 60), await KeysAsync(pair.Berta));
        Assert.Equal(2, (await pair.Berta.GetStatusAsync(None)).SignedPreKeys);
    }

    [Fact]
    public async Task The_last_resort_key_is_renewed_each_week_with_the_signed_one_and_the_old_one_still_opens()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        uint? before = pair.Transport.LastResortKeyOf(pair.BertasNumber);
        pair.Transport.SpendKyberPreKeys(pair.BertasNumber, leave: 0);
        await pair.AnnaSendsAsync("made with the old key");
        pair.Time.Advance(TimeSpan.FromDays(8));
        Assert.Equal(["made with the old key"], await PhonePair.TextsAsync(pair.Berta));
        Assert.NotEqual(before, pair.Transport.LastResortKeyOf(pair.BertasNumber));
        Assert.Equal(2, (await pair.Berta.GetStatusAsync(None)).SignedPreKeys);

        for (int week = 0; week < 12; week++)
        {
            pair.Time.Advance(TimeSpan.FromDays(7));
            await pair.Berta.ReceiveAsync(new ReceiveOptions(), None);
        }

        JsonNode kyber = (await pair.BertaState.ReadAsync())["keys"]!["kyber"]!;
        uint[] lastResort = [.. kyber["lastResort"]!.AsArray().Select(key => key!["key"]!["id"]!.GetValue<uint>())];
        uint[] oneTime = [.. kyber["oneTime"]!.AsArray().Select(key => key!["id"]!.GetValue<uint>())];
        Assert.InRange(lastResort.Length, 9, 11);
        Assert.Equal(lastResort.Length, (await pair.Berta.GetStatusAsync(None)).SignedPreKeys);
        Assert.Equal(lastResort.Length + oneTime.Length, lastResort.Concat(oneTime).Distinct().Count());
    }

    [Fact]
    public async Task What_the_transport_lost_is_published_again()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        uint? before = pair.Transport.LastResortKeyOf(pair.BertasNumber);
        pair.Transport.DropKyberPreKeys(pair.BertasNumber);
        await pair.Berta.ReceiveAsync(new ReceiveOptions(), None);
        Assert.Equal(before, pair.Transport.LastResortKeyOf(pair.BertasNumber));
        Assert.Equal(30, pair.Transport.KyberPreKeysLeft(pair.BertasNumber));
    }

    [Fact]
    public async Task A_state_of_version_1_goes_on_and_gets_its_keys()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        await pair.BertaSendsAsync("before");
        await pair.Anna.ReceiveAsync(new ReceiveOptions(), None);
        await pair.Berta.ReceiveAsync(new ReceiveOptions(), None);
        await pair.Anna.ConfirmAsync(None);
        await pair.Berta.ConfirmAsync(None);
        pair.Transport.DropKyberPreKeys(pair.BertasNumber);
        await pair.BertaState.WriteAsync(ToVersion1(await pair.BertaState.ReadAsync()));
        pair.RestartBerta();

        await pair.AnnaSendsAsync("hello");
        using RawDevice old = await pair.RawDeviceAsync();
        await old.OpenAsync(pair.BertasNumber.E164);
        Assert.Equal(SessionProtocols.X3dh, old.Session!.Protocol);
        await old.SendTextAsync(pair.BertasNumber.E164, "in version 3");
        Assert.Equal(["hello", "in version 3"], await PhonePair.TextsAsync(pair.Berta));
        await pair.BertaSendsAsync("back");
        Assert.Equal(["back"], await PhonePair.TextsAsync(pair.Anna));

        Assert.Equal(30, pair.Transport.KyberPreKeysLeft(pair.BertasNumber));
        Assert.NotNull(pair.Transport.LastResortKeyOf(pair.BertasNumber));
        Assert.Equal(2, (await pair.BertaState.ReadAsync())["version"]!.GetValue<int>());
        await old.OpenAsync(pair.BertasNumber.E164);
        Assert.Equal(SessionProtocols.PqxdhSpqr, old.Session!.Protocol);
        await old.SendTextAsync(pair.BertasNumber.E164, "in version 4");
        Assert.Equal(["in version 4"], await PhonePair.TextsAsync(pair.Berta));
    }

    [Fact]
    public async Task A_state_of_a_version_to_come_is_left_alone()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        JsonNode state = await pair.BertaState.ReadAsync();
        state["version"] = 3;
        await pair.BertaState.WriteAsync(state);
        pair.RestartBerta();
        await Assert.ThrowsAsync<PhoneException>(() => pair.Berta.GetStatusAsync(None));
    }

    [Fact]
    public async Task Peers_of_version_3_still_talk()
    {
        using PhonePair pair = await PhonePair.RegisteredAsync();
        using RawDevice old = await pair.RawDeviceAsync(withKyber: false);
        await pair.Anna.SendTextAsync(old.Number, "hello", null, None);
        Envelope first = Assert.Single(await old.FetchAsync());
        Assert.Equal(SessionProtocols.X3dh, First(first.Content).Protocol);
        Assert.NotNull(old.Read(first));
        await old.SendTextAsync(pair.AnnasNumber.E164, "hello back");
        Assert.Equal(["hello back"], await PhonePair.TextsAsync(pair.Anna));

        await old.OpenAsync(pair.BertasNumber.E164, new SignalPolicy(SessionProtocols.X3dh));
        await old.SendTextAsync(pair.BertasNumber.E164, "hello Berta");
        Assert.Equal(["hello Berta"], await PhonePair.TextsAsync(pair.Berta));
        Assert.Equal((99, 30), await KeysAsync(pair.Berta));
    }

    private static JsonNode ToVersion1(JsonNode state)
    {
        state["version"] = 1;
        state["keys"]!.AsObject().Remove("kyber");
        foreach ((_, JsonNode? conversation) in state["conversations"]!.AsObject())
        {
            foreach (string name in new[] { "openedAt", "unreadable", "retries", "sent" })
            {
                conversation!.AsObject().Remove(name);
            }
        }

        return state;
    }

    private static PreKeySignalMessage First(byte[] bytes) =>
        PreKeySignalMessage.TryParse(bytes, out PreKeySignalMessage? first) ? first : throw new FormatException();

    private static async Task<(int Ec, int Kyber)> KeysAsync(PhoneDevice device)
    {
        PhoneStatus status = await device.GetStatusAsync(None);
        return (status.OneTimePreKeys, status.KyberPreKeys);
    }
}

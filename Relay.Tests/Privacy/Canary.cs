using System.Net;
using System.Text.Json;
using Relay.LocalHost.Demonstration;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Privacy;

/// <summary>
/// A run that passes through every door where numbers, content or secrets go, with texts and numbers that nobody else has: a message each way, one never fetched,
/// one whose webhook waits, one with an Idempotency-Key, refused calls, the history, a replay, an export, an erasure, the timers.
/// </summary>
internal sealed class Canary
{
    private readonly List<string> _secrets = [];

    /// <summary>An id that lies in storage in clear: where it isn't found, nothing was searched.</summary>
    public string Marker { get; private set; } = string.Empty;

    public ClearTextScan Scan => new(_secrets);

    public async Task SingAsync(TestRelay relay)
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        Marker = business.PhoneNumberId;
        using TestDevice anna = await relay.DeviceAsync();
        using TestDevice carla = await relay.DeviceAsync();
        _secrets.AddRange(
        [
            business.Number, business.AccessToken, business.AppSecret, anna.Number, carla.Number, receiver.VerifyToken,
            receiver.Callback.AbsoluteUri, relay.Local.Options.AdminToken.Reveal(), relay.Local.Options.OperatorKey.Reveal(),
        ]);

        await business.SendTextAsync(anna.Number, New("to Anna"), callback: New("callback data"));
        await business.SendTextAsync(carla.Number, New("never fetched"));
        Assert.Equal(HttpStatusCode.OK, (await business.PostKeyedAsync(TestBusiness.Text(anna.Number, New("once")), New("idempotency-key"))).Status);
        await relay.DrainAsync();
        await anna.ReceiveAsync();
        await anna.SendAsync(business.Number, New("from Anna"));
        await relay.DrainAsync();
        receiver.Status = 500;
        await anna.SendAsync(business.Number, New("waits for the endpoint"));
        await relay.DrainAsync();
        await RefusedAsync(relay, business, anna);
        string history = JsonSerializer.Serialize((await business.GetAsync($"{business.PhoneNumberId}/message_history?limit=10")).Answer);
        Assert.StartsWith("{\"data\":[{\"id\":", history, StringComparison.Ordinal);
        long since = relay.Local.Options.Time.GetUtcNow().AddHours(-1).ToUnixTimeSeconds();
        (HttpStatusCode replayed, JsonElement answer) = await business.PostAsync(
            JsonSerializer.Serialize(new { since }), path: $"relay/v1/phone_numbers/{business.PhoneNumberId}/replay");
        Assert.True(replayed == HttpStatusCode.OK, answer.ToString());
        await relay.DrainAsync();

        (HttpStatusCode exported, JsonElement export) = await business.GetAsync($"relay/v1/contacts/{anna.Digits}/export");
        Assert.Equal((HttpStatusCode.OK, true), (exported, export.ToString().Contains("waits-for-the-endpoint", StringComparison.Ordinal)));
        foreach (string timer in (string[])["DeleteExpired", "EraseTold", "EraseDue", "RotateKeys", "KeepPreKeysStocked", "TransportDeleteExpired", "TransportSweepPushes"])
        {
            await relay.Local.InvokeTimerAsync(timer, CancellationToken.None);
        }

        Assert.Equal(HttpStatusCode.OK, (await business.DeleteAsync($"relay/v1/contacts/%2B{anna.Digits}")).Status);
        await relay.DrainAsync();
        Assert.NotEmpty(receiver.Deliveries);
        Assert.Empty(relay.Faults);
    }

    /// <summary>What is wrong is told to the caller, and to nobody else.</summary>
    private async Task RefusedAsync(TestRelay relay, TestBusiness business, TestDevice anna)
    {
        string foreign = New("a token that is none");
        await business.PostAsync(TestBusiness.Text(anna.Number, New("refused")), token: foreign.Replace(' ', '-'));
        await business.PostAsync("{\"to\":\"" + New("no number") + "\",", path: null);
        await business.GetAsync($"relay/v1/contacts/{anna.Digits}/{New("nowhere").Replace(' ', '-')}");
        await business.GetAsync($"v25.0/{anna.Digits}/messages?{New("query").Replace(' ', '-')}");
        await relay.TryAdminAsync(HttpMethod.Post, "businesses", new { name = new string('x', 300) + New("name") });
    }

    /// <summary>Without spaces it goes into headers and paths as it is.</summary>
    private string New(string about)
    {
        string text = $"{about.Replace(' ', '-')}-{Convert.ToHexStringLower(Guid.NewGuid().ToByteArray()[..6])}";
        _secrets.Add(text);
        return text;
    }
}

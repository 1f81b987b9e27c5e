using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Web;
using Relay.LocalHost.Demonstration;
using Relay.Tests.Integrity;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Privacy;

/// <summary>
/// A run that passes through every door where numbers, content or secrets go, with texts and numbers that nobody else has: a message each way, one never fetched,
/// one whose webhook waits, one with an Idempotency-Key, files, a report and a block, refused calls, the history, a replay, an export, an erasure, the timers.
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
            receiver.Callback.AbsoluteUri, relay.Local.Options.AdminToken.Reveal(), relay.Local.Options.RegistrationKey.Reveal(),
            relay.Local.Options.OperatorKey.Reveal(),
        ]);

        await business.SendTextAsync(anna.Number, New("to Anna"), callback: New("callback data"));
        await business.SendTextAsync(carla.Number, New("never fetched"));
        Assert.Equal(HttpStatusCode.OK, (await business.PostKeyedAsync(TestBusiness.Text(anna.Number, New("once")), New("idempotency-key"))).Status);
        await relay.DrainAsync();
        await anna.ReceiveAsync();
        await ComplaintsAsync(relay, business, anna);
        await anna.SendAsync(business.Number, New("from Anna"));
        await relay.DrainAsync();
        receiver.Status = 500;
        await anna.SendAsync(business.Number, New("waits for the endpoint"));
        await relay.DrainAsync();
        await FilesAsync(relay, business);
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

    /// <summary>A report that shows the operator what the last message said, and a block.</summary>
    private static async Task ComplaintsAsync(TestRelay relay, TestBusiness business, TestDevice anna)
    {
        await relay.AdminAsync(HttpMethod.Put, "report_key", new { public_key = Convert.ToBase64String(Reporting.PublicKey) });
        Assert.True(await anna.Phone.ReportAsync(TestDevice.Of(business.Number), null, withContent: true, CancellationToken.None));
        await anna.Phone.BlockAsync(TestDevice.Of(business.Number), blocked: true, CancellationToken.None);
        JsonElement seen = await relay.AdminAsync(HttpMethod.Get, $"businesses/{business.Id}/reports", new { });
        JsonElement report = Assert.Single(seen.GetProperty("data").EnumerateArray());
        Assert.StartsWith("once-", Reporting.Open(report.GetProperty("sealed_content").GetBytesFromBase64()), StringComparison.Ordinal);
        Assert.DoesNotContain(anna.Digits, seen.ToString(), StringComparison.Ordinal);
        await anna.Phone.BlockAsync(TestDevice.Of(business.Number), blocked: false, CancellationToken.None);
    }

    /// <summary>A file up and down, one refused, and one from an address.</summary>
    private async Task FilesAsync(TestRelay relay, TestBusiness business)
    {
        byte[] file = Encoding.ASCII.GetBytes("%PDF-1.7\n" + New("in a file"));
        (HttpStatusCode status, JsonElement uploaded) = await business.PostAsync(Form(file, "application/pdf", New("file name")), path: $"v25.0/{business.PhoneNumberId}/media");
        Assert.True(status == HttpStatusCode.OK, uploaded.ToString());
        Uri url = new(TestRelay.Text((await business.GetAsync(TestRelay.Text(uploaded, "id"))).Answer, "url"));
        _secrets.Add(HttpUtility.ParseQueryString(url.Query)["hash"] ?? throw new InvalidDataException());
        Assert.Equal(file, await relay.Http.GetByteArrayAsync(url));
        (status, _) = await business.PostAsync(Form(file, "image/png", New("refused file")), path: $"v25.0/{business.PhoneNumberId}/media");
        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    private static MultipartFormDataContent Form(byte[] file, string type, string name) => new()
    {
        { new StringContent("whatsapp"), "messaging_product" },
        { new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue(type) } }, "file", name + ".pdf" },
    };

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

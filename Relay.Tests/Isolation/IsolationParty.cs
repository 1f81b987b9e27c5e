using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Relay.Tests.Media;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Isolation;

/// <summary>A business that has one of everything that has an id; and ids as well formed that nobody has.</summary>
internal sealed class IsolationParty : IAsyncDisposable
{
    private readonly WebhookReceiver _receiver;
    private readonly List<TestDevice> _devices = [];

    private IsolationParty(WebhookReceiver receiver, TestBusiness business) => (_receiver, Business) = (receiver, business);

    public TestBusiness Business { get; }

    /// <summary>By <see cref="IdKinds"/>.</summary>
    public Dictionary<string, string> Ids { get; } = new(StringComparer.Ordinal);

    public Uri Callback => _receiver.Callback;

    public string VerifyToken => _receiver.VerifyToken;

    public IReadOnlyList<Delivery> Told => [.. _receiver.Deliveries];

    public static async Task<IsolationParty> StartAsync(TestRelay relay, string name)
    {
        WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        IsolationParty party = new(receiver, await relay.BusinessAsync(receiver));
        await party.TalkAsync(relay, name);
        await party.KeepAsync(relay, name);
        return party;
    }

    /// <summary>For each of its ids one of the same form that nobody has.</summary>
    public static async Task<Dictionary<string, string>> UnknownAsync(TestRelay relay, IReadOnlyDictionary<string, string> like)
    {
        Dictionary<string, string> unknown = like.ToDictionary(one => one.Key, one => Changed(one.Key, one.Value), StringComparer.Ordinal);

        // Somebody with a device, who has talked to nobody: what the directory knows is no business's.
        using TestDevice stranger = await relay.DeviceAsync();
        unknown[IdKinds.User] = stranger.Digits;
        return unknown;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TestDevice device in _devices)
        {
            device.Dispose();
        }

        await _receiver.DisposeAsync();
    }

    /// <summary>Other digits, letters or bytes, in each second place but the first four and, of what a bar divides, only behind it.</summary>
    private static string Changed(string kind, string id)
    {
        if (kind is IdKinds.NumbersCursor or IdKinds.TemplatesCursor or IdKinds.QrCursor or IdKinds.BlocksCursor)
        {
            // A place in an order, whatever lies there: nobody's is the one beside it.
            string place = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(id));
            char last = char.IsAsciiDigit(place[^1]) ? (place[^1] == '5' ? '6' : '5') : char.IsAsciiLetterUpper(place[^1]) ? (place[^1] == 'B' ? 'C' : 'B') : (place[^1] == 'b' ? 'c' : 'b');
            return Base64Url.EncodeToString(Encoding.ASCII.GetBytes(place[..^1] + last));
        }

        char[] changed = id.ToCharArray();
        int from = kind switch
        {
            IdKinds.AppToken => id.IndexOf('|', StringComparison.Ordinal) + 4,
            IdKinds.Sent or IdKinds.Received => "wamid.".Length + 4,
            IdKinds.Token => "rly_live_".Length,
            _ => Math.Min(4, id.Length / 2),
        };
        for (int i = from; i < changed.Length; i += 2)
        {
            changed[i] = changed[i] switch
            {
                '9' => '0',
                >= '0' and < '9' => (char)(changed[i] + 1),
                'f' => 'a',
                'z' => 'a',
                'Z' => 'A',
                >= 'a' and < 'z' => (char)(changed[i] + 1),
                >= 'A' and < 'Z' => (char)(changed[i] + 1),
                char other => other,
            };
        }

        return new string(changed);
    }

    private async Task TalkAsync(TestRelay relay, string name)
    {
        for (int i = 0; i < 3; i++)
        {
            _devices.Add(await relay.DeviceAsync());
            await _devices[i].SendAsync(Business.Number, "Hello");
        }

        Ids[IdKinds.User] = _devices[0].Digits;
        Ids[IdKinds.IdempotencyKey] = "key-of-" + name;
        PostAnswer sent = await Business.PostKeyedAsync(TestBusiness.Text(_devices[0].Number, "Hello"), Ids[IdKinds.IdempotencyKey]);
        Ids[IdKinds.Sent] = sent.Id;
        await relay.DrainAsync();
        await _devices[0].ReceiveAsync();
        await relay.DrainAsync();
        Delivery received = _receiver.Deliveries.First(one => one.IsMessage && TestRelay.Text(one.Message, "from") == _devices[0].Digits);
        Ids[IdKinds.Received] = TestRelay.Text(received.Message, "id");
        Ids[IdKinds.UserId] = TestRelay.Text(received.Message, "from_user_id");
        string blocked = string.Join(',', _devices.Skip(1).Select(device => $$"""{"user":"{{device.Digits}}"}"""));
        await Business.PostAsync($$"""{"messaging_product":"whatsapp","block_users":[{{blocked}}]}""", path: $"v25.0/{Business.PhoneNumberId}/block_users").OkAsync();
    }

    private async Task KeepAsync(TestRelay relay, string name)
    {
        (Ids[IdKinds.Phone], Ids[IdKinds.Waba], Ids[IdKinds.Business]) = (Business.PhoneNumberId, Business.WabaId, Business.Id);
        JsonElement apps = await Business.GetAsync($"v25.0/{Business.WabaId}/subscribed_apps").OkAsync();
        Ids[IdKinds.App] = TestRelay.Text(apps.Items()[0].GetProperty("whatsapp_business_api_data"), "id");
        Ids["app_secret"] = Business.AppSecret;
        Ids[IdKinds.AppToken] = $"{Ids[IdKinds.App]}|{Business.AppSecret}";
        Ids[IdKinds.Token] = Business.AccessToken;
        JsonElement further = await relay.AdminAsync(HttpMethod.Post, $"businesses/{Business.Id}/access_tokens", new { });
        Ids[IdKinds.TokenId] = TestRelay.Text(further, "id");
        Ids[IdKinds.SystemUser] = TestRelay.Text(await relay.AdminAsync(HttpMethod.Post, $"businesses/{Business.Id}/system_users", new { name, role = "ADMIN" }), "id");
        await relay.AdminAsync(HttpMethod.Post, $"businesses/{Business.Id}/phone_numbers", new { phone_number = TestRelay.RandomNumber(), verified_name = "Second" });
        Ids[IdKinds.Subscriber] = await Business.AddSubscriberAsync(_receiver.Callback, _receiver.VerifyToken);

        using MultipartFormDataContent form = MediaStage.Form(MediaStage.Jpeg(2_000), "image/jpeg");
        Ids[IdKinds.Media] = TestRelay.Text(await Business.PostAsync(form, path: $"v25.0/{Business.PhoneNumberId}/media").OkAsync(), "id");
        foreach (string template in (string[])["second", "first"])
        {
            string body = $$"""{"name":"{{template}}_of_{{name}}","language":"en","category":"UTILITY","components":[{"type":"BODY","text":"Hello there"}]}""";
            Ids[IdKinds.Template] = TestRelay.Text(await Business.PostAsync(body, path: $"{Business.WabaId}/message_templates").OkAsync(), "id");
        }

        (Ids[IdKinds.TemplateName], Ids["second_template"]) = ($"first_of_{name}", $"second_of_{name}");
        for (int i = 0; i < 2; i++)
        {
            JsonElement made = await Business.PostAsync("""{"prefilled_message":"Hi"}""", path: $"v25.0/{Business.PhoneNumberId}/message_qrdls").OkAsync();
            Ids[IdKinds.Qr] = TestRelay.Text(made, "code");
        }

        Ids[IdKinds.NumbersCursor] = await CursorAsync($"{Business.WabaId}/phone_numbers");
        Ids[IdKinds.TemplatesCursor] = await CursorAsync($"{Business.WabaId}/message_templates");
        Ids[IdKinds.QrCursor] = await CursorAsync($"{Business.PhoneNumberId}/message_qrdls");
        Ids[IdKinds.BlocksCursor] = await CursorAsync($"{Business.PhoneNumberId}/block_users");
        Ids[IdKinds.HistoryCursor] = await CursorAsync($"{Business.PhoneNumberId}/message_history");
        JsonElement history = await Business.GetAsync($"v25.0/{Business.PhoneNumberId}/message_history?message_id={Uri.EscapeDataString(Ids[IdKinds.Sent])}").OkAsync();
        Ids[IdKinds.History] = TestRelay.Text(history.Items()[0], "id");
        Ids[IdKinds.EventsCursor] = await CursorAsync($"{Ids[IdKinds.History]}/events");
        using RSA rsa = RSA.Create(2048);
        Ids["public_key"] = Uri.EscapeDataString(rsa.ExportSubjectPublicKeyInfoPem());
    }

    /// <summary>What leads behind the first of at least two.</summary>
    private async Task<string> CursorAsync(string list)
    {
        JsonElement page = await Business.GetAsync($"v25.0/{list}?limit=1").OkAsync();
        Assert.True(page.GetProperty("paging").TryGetProperty("cursors", out JsonElement cursors), $"{list}: {page}");
        return TestRelay.Text(cursors, "after");
    }
}

using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Load.Parties;
using Relay.LocalHost.Running;
using Relay.Phone;
using Relay.Phone.Receiving;
using Relay.Phone.State;
using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;

namespace Relay.Fuzz.Scene;

/// <summary>
/// Two businesses and a user's device that have done with Relay whatever can be done with it: what they sent is where seeds come from, and what Relay has stored
/// is what every fuzzed Relay begins with.
/// </summary>
internal sealed class FuzzScene : IAsyncDisposable
{
    private readonly MemoryPhoneState _state = new();
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    private FuzzScene(FuzzStage stage) => Stage = stage;

    public FuzzStage Stage { get; }

    /// <summary>What a path's or body's placeholder stands for: ids, numbers, tokens.</summary>
    public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>Signs pushes to the first business's number.</summary>
    public required SecretBytes PushSecret { get; init; }

    public static async Task<FuzzScene> PlayAsync(CancellationToken cancellationToken)
    {
        FuzzStage stage = await FuzzStage.StartAsync(new StageKeys(), new FastClock(), cancellationToken);
        FuzzScene scene = await ProvisionAsync(stage, cancellationToken);
        await scene.TalkAsync(cancellationToken);
        scene.Put("device", stage.Recorded.SelectMany(request => request.Headers).Last(header => header.Value.StartsWith("Basic ", StringComparison.Ordinal)).Value["Basic ".Length..]);
        foreach (SceneCall call in SceneCalls.All)
        {
            await scene.CallAsync(call, cancellationToken);
            await stage.Host.DrainAsync(cancellationToken);
        }

        await stage.Host.DrainAsync(cancellationToken);
        return scene;
    }

    /// <summary>A text with each placeholder <c>{name}</c> replaced.</summary>
    public string Fill(string text)
    {
        foreach ((string name, string value) in Values)
        {
            text = text.Replace($"<{name}>", value, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>A text with whatever the scene keeps secret named instead of shown.</summary>
    public string Hide(string text)
    {
        foreach ((string value, string name) in _names)
        {
            text = text.Replace(value, $"<{name}>", StringComparison.Ordinal);
        }

        return text;
    }

    public async ValueTask DisposeAsync()
    {
        await Stage.DisposeAsync();
        _state.Dispose();
    }

    private static async Task<FuzzScene> ProvisionAsync(FuzzStage stage, CancellationToken cancellationToken)
    {
        AdminClient admin = new(stage.Http, stage.Host.BaseAddress, stage.Keys.AdminToken);
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (string which in (string[])["", "other_"])
        {
            CreateBusinessResponse business = await admin.CreateBusinessAsync("Fuzzed", cancellationToken);
            PhoneNumber number = Numbers.Next();
            RegisterNumberResponse phone = await admin.RegisterNumberAsync(business.Id, new RegisterNumberRequest(number.E164, "Fuzzed"), cancellationToken);
            IssueTokenResponse token = await admin.IssueTokenAsync(business.Id, cancellationToken);
            await admin.SetWebhookAsync(business.Id, new SetWebhookRequest("http://127.0.0.1:9/webhook", "verify"), cancellationToken);
            values[which + "business"] = business.Id;
            values[which + "waba"] = business.WabaId;
            values[which + "app"] = business.AppId;
            values[which + "app_secret"] = business.AppSecret;
            values[which + "app_token"] = $"{business.AppId}|{business.AppSecret}";
            values[which + "phone"] = phone.Id;
            values[which + "number"] = number.Digits;
            values[which + "token_id"] = token.Id;
            values[which + "token"] = token.AccessToken;
        }

        BusinessNumber stored = await stage.Host.Services.GetRequiredService<NumberStore>()
            .FindAsync(BusinessId.Parse(values["business"]), PhoneNumberId.Parse(values["phone"]), cancellationToken)
            ?? throw new InvalidOperationException("A number was not stored.");
        FuzzScene scene = new(stage) { PushSecret = stored.PushSecret };
        values["admin"] = stage.Keys.AdminToken.Reveal();
        values["registrar"] = stage.Keys.RegistrationKey.Reveal();
        values["operator"] = stage.Keys.OperatorKey.Reveal();
        using RSA rsa = RSA.Create(2048);
        values["public_key"] = Uri.EscapeDataString(rsa.ExportSubjectPublicKeyInfoPem());
        values["unknown"] = "424242424242424";
        foreach ((string name, string value) in values)
        {
            scene.Put(name, value);
        }

        return scene;
    }

    /// <summary>A message each way, with what devices and roles say to each other.</summary>
    private async Task TalkAsync(CancellationToken cancellationToken)
    {
        PhoneNumber number = Numbers.Next();
        Put("user", number.Digits);
        using PhoneDevice phone = new(_state, new TransportClient(Stage.Http, Stage.Host.BaseAddress), Stage.Clock);
        await phone.RegisterAsync(number, Stage.Codes.TakeAsync, cancellationToken);
        string sent = await CallAsync(new SceneCall("POST", "/v25.0/<phone>/messages", """{"messaging_product":"whatsapp","to":"<user>","type":"text","text":{"body":"Hello"}}"""), cancellationToken);
        Put("wamid", Read(sent, "messages", "id"));
        await Stage.Host.DrainAsync(cancellationToken);
        await phone.ReceiveAsync(new ReceiveOptions { Wait = TimeSpan.Zero, SendRead = true }, cancellationToken);
        PhoneNumber business = PhoneNumber.TryParse(Values["number"], out PhoneNumber? parsed) ? parsed : throw new InvalidOperationException("That is no number.");
        await phone.SendTextAsync(business, "Hi there", null, cancellationToken);
        await Stage.Host.DrainAsync(cancellationToken);
        string history = await CallAsync(new SceneCall("GET", "/v25.0/<phone>/message_history"), cancellationToken);
        Put("history", Read(history, "data", "id"));
    }

    private async Task<string> CallAsync(SceneCall call, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(new HttpMethod(call.Method), new Uri(Stage.Host.BaseAddress, Fill(call.Target)));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Values[call.Token]);
        if (call.Body is { } body)
        {
            request.Content = new ByteArrayContent(Encoding.Latin1.GetBytes(Fill(body)));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", call.ContentType);
        }

        using HttpResponseMessage answer = await Stage.Http.SendAsync(request, cancellationToken);
        string text = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (call.Keeps is { } name && answer.IsSuccessStatusCode && Read(text, "", call.Member) is { Length: > 0 } id)
        {
            Put(name, id);
        }

        return text;
    }

    private void Put(string name, string value)
    {
        Values[name] = value;
        _names[value] = name;
    }

    /// <summary>A member of an answer, or of the first item of one of its lists; empty where there is none.</summary>
    private static string Read(string json, string list, string member)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement at = document.RootElement;
        if (list.Length > 0 && at.TryGetProperty(list, out JsonElement items) && items.GetArrayLength() > 0)
        {
            at = items[0];
        }

        return at.ValueKind == JsonValueKind.Object && at.TryGetProperty(member, out JsonElement found) ? found.ToString() : string.Empty;
    }
}

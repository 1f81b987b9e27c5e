using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Relay.LocalHost.Running;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph.Webhooks;
using Relay.Shared.Primitives;

namespace Relay.LocalHost.Demonstration;

/// <summary>The demo's story, step by step, over HTTP only.</summary>
internal sealed class DemoScript(LocalRelay relay, DataFolder folder, DemoEndpoint endpoint, HttpClient http, PhoneProcess phone, Screen screen)
{
    private const string UserNumber = "+4915112345678";
    private const string Question = "Your parcel 4711 arrives tomorrow. Is the front door fine?";
    private const string Answer = "Ja, gerne vor die Tür. Danke! 👋";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        screen.Step("A business and a user's device are set up");
        DemoBusiness business = await DemoBusiness.ProvisionAsync(relay, http, folder, DemoBusiness.DefaultNumber, cancellationToken);
        endpoint.VerifyToken = business.VerifyToken;
        AdminClient admin = new(http, relay.BaseAddress, relay.Options.AdminToken);
        await admin.SetWebhookAsync(business.BusinessId, new SetWebhookRequest(endpoint.Callback.AbsoluteUri, business.VerifyToken), cancellationToken);
        screen.Fact("business number", $"{business.DisplayPhoneNumber} (id {business.PhoneNumberId})");
        screen.Fact("webhook", $"{endpoint.Callback} answered the handshake");
        await phone.RunAsync(cancellationToken, "register", "--number", UserNumber, "--code-dir", folder.Codes);
        screen.Fact("device", $"{UserNumber} registered with its verification code");

        string wamid = await SendAsync(business, cancellationToken);
        string id = await ReceiveAsync(cancellationToken);
        await ReplyAsync(business, id, cancellationToken);
        await StatusesAsync(wamid, cancellationToken);
        await new AtRest(folder, screen).ShowAsync(
            [Question, Answer, UserNumber, business.DisplayPhoneNumber], business.PhoneNumberId, cancellationToken);
    }

    private async Task<string> SendAsync(DemoBusiness business, CancellationToken cancellationToken)
    {
        screen.Step("The business sends a text through the Cloud API");
        string path = $"v25.0/{business.PhoneNumberId}/messages";
        string body = $$$"""{"messaging_product":"whatsapp","to":"{{{UserNumber}}}","type":"text","text":{"body":"{{{Question}}}"}}""";
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(relay.BaseAddress, path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", business.AccessToken);
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
        string answer = await response.Content.ReadAsStringAsync(cancellationToken);
        screen.Fact("POST", "/" + path);
        screen.Fact("body", body);
        screen.Fact($"answer {(int)response.StatusCode}", answer);
        return response.IsSuccessStatusCode
            ? JsonDocument.Parse(answer).RootElement.GetProperty("messages")[0].GetProperty("id").GetString() ?? throw new DemoException("there is no message id")
            : throw new DemoException("the message was not accepted");
    }

    private async Task<string> ReceiveAsync(CancellationToken cancellationToken)
    {
        screen.Step("The transport saw this, and the device decrypts it");
        IReadOnlyList<JsonElement> lines = await phone.RunAsync(
            cancellationToken, "receive", "--json", "--envelopes", "--mark-read", "--count", "1", "--wait", "30");
        JsonElement message = lines.FirstOrDefault(line => line.GetProperty("type").GetString() == "message");
        if (message.ValueKind != JsonValueKind.Object || message.GetProperty("text").GetString() is not { } text || text != Question)
        {
            throw new DemoException("the device did not get the text");
        }

        screen.Fact("transport's ciphertext", Screen.Short(Ciphertext(message)));
        screen.Fact("device's text", text);
        return message.GetProperty("id").GetString() ?? throw new DemoException("the message has no id");
    }

    private async Task ReplyAsync(DemoBusiness business, string id, CancellationToken cancellationToken)
    {
        screen.Step("The user replies, and the business's webhook is told");
        IReadOnlyList<JsonElement> lines = await phone.RunAsync(
            cancellationToken, "send", "--to", business.DisplayPhoneNumber, "--text", Answer, "--reply-to", id, "--json", "--envelopes");
        screen.Fact("device's text", Answer);
        screen.Fact("transport's ciphertext", Screen.Short(Ciphertext(lines.First(line => line.GetProperty("type").GetString() == "sent"))));
        DemoDelivery told = await endpoint.WaitAsync("the reply", delivery => delivery.MessageText == Answer, cancellationToken);
        screen.Fact("webhook body", Encoding.ASCII.GetString(told.Body));
        bool valid = WebhookSignature.IsValid(new Secret(business.AppSecret), told.Signature, told.Body);
        screen.Fact(WebhookSignature.Header, $"{told.Signature} ({(valid ? "valid" : "NOT VALID")})");
        if (!valid)
        {
            throw new DemoException("the webhook's signature is not valid");
        }
    }

    private async Task StatusesAsync(string wamid, CancellationToken cancellationToken)
    {
        screen.Step("The statuses of the business's message");
        await endpoint.WaitAsync("the status sent", delivery => delivery.Status == ("sent", wamid), cancellationToken);
        screen.Line($"sent       {wamid}");

        // A message that is read on arrival may skip delivered, as it does at the Cloud API.
        await endpoint.WaitAsync("the status read", delivery => delivery.Status == ("read", wamid), cancellationToken);
        screen.Line($"read       {wamid}");
    }

    private static string Ciphertext(JsonElement line) => line.GetProperty("envelope").ValueKind == JsonValueKind.Object
        ? line.GetProperty("envelope").GetProperty("content").GetString() ?? string.Empty
        : line.GetProperty("envelope").GetString() ?? string.Empty;
}

using System.Text;
using System.Text.Json;
using Relay.LocalHost.Running;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph.Webhooks;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;

namespace Relay.LocalHost.Demonstration;

/// <summary>The demo's story, step by step, over HTTP only; timers alone are run from here, and the screen says so.</summary>
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

        BusinessCalls calls = new(http, relay.BaseAddress, business);
        string wamid = await SendAsync(calls, cancellationToken);
        string id = await ReceiveAsync(cancellationToken);
        await ReplyAsync(business, id, cancellationToken);
        await StatusesAsync(wamid, cancellationToken);

        using Crowd crowd = await Crowd.GatherAsync(FanOut.Devices, new TransportClient(http, relay.BaseAddress), folder.Codes, cancellationToken);
        PhoneNumber number = PhoneNumber.TryParse(business.DisplayPhoneNumber, out PhoneNumber? parsed) ? parsed : throw new DemoException("the business has no number");
        IReadOnlyList<CrowdDevice> reached = await new FanOut(calls, admin, endpoint, crowd, screen).RunAsync(business.BusinessId, number, cancellationToken);
        await new Complaining(relay, calls, admin, endpoint, screen).RunAsync(business.BusinessId, number, reached, cancellationToken);
        await new AtRest(folder, screen).ShowAsync(
            [Question, Answer, FanOut.Offer, FanOut.Wish, FanOut.Reply],
            [UserNumber, business.DisplayPhoneNumber, .. crowd.Devices.Select(device => device.Number.E164)],
            business.PhoneNumberId,
            cancellationToken);
    }

    private async Task<string> SendAsync(BusinessCalls calls, CancellationToken cancellationToken)
    {
        screen.Step("The business sends a text through the Cloud API");
        string body = BusinessCalls.Text(UserNumber, Question);
        BusinessAnswer answer = await calls.SendAsync(body, cancellationToken);
        screen.Fact("POST", "/" + calls.MessagesPath);
        screen.Fact("body", body);
        screen.Fact($"answer {answer.Status}", answer.Body);
        return answer.MessageId ?? throw new DemoException("the message was not accepted");
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
        DemoException.Unless(valid, "the webhook's signature is not valid");
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

using System.Text;
using System.Text.Json;
using Relay.LocalHost.Split;
using Relay.Shared.Primitives;

namespace Relay.Load.Parties;

/// <summary>A provisioned business that sends texts through the Cloud API.</summary>
internal sealed class LoadBusiness(LoadHttp http, Uri address, string token, PhoneNumber number)
{
    private const int FirstServerError = 500;

    public PhoneNumber Number { get; } = number;

    /// <summary>Where it posts, for a loop of its own.</summary>
    public Uri Address { get; } = address;

    /// <summary>Created through the admin API, like any other.</summary>
    public static async Task<LoadBusiness> CreateAsync(LoadHttp http, RoleAddresses roles, string adminToken, Uri? webhook, CancellationToken cancellationToken)
    {
        async Task<JsonElement> AdminAsync(HttpMethod method, string path, string body)
        {
            byte[] answer = await http.SendAsync(method, new Uri(roles.Manager, "relay/v1/admin/businesses" + path), adminToken, Encoding.UTF8.GetBytes(body), cancellationToken);
            using JsonDocument parsed = JsonDocument.Parse(answer);
            return parsed.RootElement.Clone();
        }

        PhoneNumber number = Numbers.Next();
        string id = Text(await AdminAsync(HttpMethod.Post, "", """{"name":"Load"}"""), "id");
        string phone = Text(
            await AdminAsync(HttpMethod.Post, $"/{id}/phone_numbers", $$"""{"phone_number":"{{number.E164}}","verified_name":"Load"}"""), "id");
        string token = Text(await AdminAsync(HttpMethod.Post, $"/{id}/access_tokens", "{}"), "access_token");
        if (webhook is not null)
        {
            await AdminAsync(
                HttpMethod.Put, $"/{id}/webhook", $$"""{"callback_url":"{{webhook.AbsoluteUri}}","verify_token":"{{WebhookSink.VerifyToken}}"}""");
        }

        return new LoadBusiness(http, new Uri(roles.Relay, $"v25.0/{phone}/messages"), token, number);
    }

    public static byte[] TextTo(PhoneNumber to, string text) => Encoding.UTF8.GetBytes(
        $$$"""{"messaging_product":"whatsapp","recipient_type":"individual","to":"{{{to.E164}}}","type":"text","text":{"body":"{{{text}}}"}}""");

    public Task SendAsync(byte[] message, CancellationToken cancellationToken) => PostAsync(Address, message, cancellationToken);

    /// <summary>What it proves itself with, for requests of another form.</summary>
    public System.Net.Http.Headers.AuthenticationHeaderValue Authorization => new("Bearer", token);

    /// <summary>The same request to somewhere else, for comparison.</summary>
    public Task PostAsync(Uri to, byte[] message, CancellationToken cancellationToken) => http.PostAsync(to, token, message, cancellationToken);

    /// <summary>Sends once and tells what was answered; a server's error and a connection that broke off are no answer.</summary>
    public async Task<LoadAnswer> TrySendAsync(byte[] message, string? idempotencyKey, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await http.TrySendAsync(HttpMethod.Post, Address, token, message, idempotencyKey, cancellationToken);
            byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return (int)response.StatusCode >= FirstServerError ? LoadAnswer.None : Read(response.IsSuccessStatusCode, body);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or System.Net.Sockets.SocketException or JsonException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return LoadAnswer.None;
        }
    }

    private static LoadAnswer Read(bool isAccepted, byte[] body)
    {
        using JsonDocument answer = JsonDocument.Parse(body);
        return isAccepted
            ? new LoadAnswer(Text(answer.RootElement.GetProperty("messages")[0], "id"), null)
            : new LoadAnswer(null, answer.RootElement.GetProperty("error").GetProperty("code").GetInt32());
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? throw new InvalidDataException(name);
}

using System.Text;
using System.Text.Json;
using Relay.Shared.Primitives;

namespace Relay.Benchmarks.Stage;

/// <summary>A provisioned business that sends texts through the Cloud API.</summary>
internal sealed class BenchBusiness(LoadHttp http, Uri address, string token, PhoneNumber number)
{
    public PhoneNumber Number { get; } = number;

    /// <summary>Where it posts, for a loop of its own.</summary>
    public Uri Address { get; } = address;

    /// <summary>Created through the admin API, like any other.</summary>
    public static async Task<BenchBusiness> CreateAsync(LoadHttp http, Uri relay, string adminToken, Uri? webhook, CancellationToken cancellationToken)
    {
        async Task<JsonElement> AdminAsync(HttpMethod method, string path, string body)
        {
            byte[] answer = await http.SendAsync(method, new Uri(relay, "relay/v1/admin/businesses" + path), adminToken, Encoding.UTF8.GetBytes(body), cancellationToken);
            using JsonDocument parsed = JsonDocument.Parse(answer);
            return parsed.RootElement.Clone();
        }

        PhoneNumber number = Numbers.Next();
        string id = Text(await AdminAsync(HttpMethod.Post, "", """{"name":"Benchmark"}"""), "id");
        string phone = Text(
            await AdminAsync(HttpMethod.Post, $"/{id}/phone_numbers", $$"""{"phone_number":"{{number.E164}}","verified_name":"Benchmark"}"""), "id");
        string token = Text(await AdminAsync(HttpMethod.Post, $"/{id}/access_tokens", "{}"), "access_token");
        if (webhook is not null)
        {
            await AdminAsync(
                HttpMethod.Put, $"/{id}/webhook", $$"""{"callback_url":"{{webhook.AbsoluteUri}}","verify_token":"{{WebhookSink.VerifyToken}}"}""");
        }

        return new BenchBusiness(http, new Uri(relay, $"v25.0/{phone}/messages"), token, number);
    }

    public static byte[] TextTo(PhoneNumber to, string text) => Encoding.UTF8.GetBytes(
        $$$"""{"messaging_product":"whatsapp","recipient_type":"individual","to":"{{{to.E164}}}","type":"text","text":{"body":"{{{text}}}"}}""");

    public Task SendAsync(byte[] message, CancellationToken cancellationToken) => PostAsync(Address, message, cancellationToken);

    /// <summary>The same request to somewhere else, for comparison.</summary>
    public Task PostAsync(Uri to, byte[] message, CancellationToken cancellationToken) => http.PostAsync(to, token, message, cancellationToken);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? throw new InvalidDataException(name);
}

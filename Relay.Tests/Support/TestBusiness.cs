using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Relay.Tests.Support;

/// <summary>A provisioned business, calling Relay as its developer would.</summary>
internal sealed class TestBusiness(IFrontDoor relay)
{
    public required string Id { get; init; }

    public required string WabaId { get; init; }

    public required string AppSecret { get; init; }

    public required string PhoneNumberId { get; init; }

    public required string Number { get; init; }

    public required string AccessToken { get; init; }

    public required string TokenId { get; init; }

    public string Digits => Number[1..];

    /// <summary>One with one number, a token and (unless there is none) a verified webhook.</summary>
    public static async Task<TestBusiness> CreateAsync(IFrontDoor relay, WebhookReceiver? receiver, string name = "Test")
    {
        JsonElement business = await relay.AdminAsync(HttpMethod.Post, "businesses", new { name });
        string id = TestRelay.Text(business, "id");
        string number = TestRelay.RandomNumber();
        JsonElement phone = await relay.AdminAsync(HttpMethod.Post, $"businesses/{id}/phone_numbers", new { phone_number = number, verified_name = name });
        JsonElement token = await relay.AdminAsync(HttpMethod.Post, $"businesses/{id}/access_tokens", new { });
        TestBusiness created = new(relay)
        {
            Id = id,
            WabaId = TestRelay.Text(business, "waba_id"),
            AppSecret = TestRelay.Text(business, "app_secret"),
            PhoneNumberId = TestRelay.Text(phone, "id"),
            Number = number,
            AccessToken = TestRelay.Text(token, "access_token"),
            TokenId = TestRelay.Text(token, "id"),
        };
        if (receiver is not null)
        {
            await created.SetWebhookAsync(receiver);
        }

        return created;
    }

    public Task<JsonElement> SetWebhookAsync(WebhookReceiver receiver) => relay.AdminAsync(
        HttpMethod.Put, $"businesses/{Id}/webhook", new { callback_url = receiver.Callback.AbsoluteUri, verify_token = receiver.VerifyToken });

    /// <summary>Adds a further subscriber; gives its id.</summary>
    public async Task<string> AddSubscriberAsync(Uri callback, string verifyToken, string? number = null, params string[] fields) => TestRelay.Text(
        await relay.AdminAsync(
            HttpMethod.Post,
            $"businesses/{Id}/subscribers",
            new { callback_url = callback.AbsoluteUri, verify_token = verifyToken, fields, phone_number_id = number }),
        "id");

    /// <summary>Sends a text and gives its message id.</summary>
    public async Task<string> SendTextAsync(string to, string body, string? context = null, string? callback = null)
    {
        object message = context is null
            ? new { messaging_product = "whatsapp", to, type = "text", text = new { body }, biz_opaque_callback_data = callback }
            : new { messaging_product = "whatsapp", to, type = "text", text = new { body }, context = new { message_id = context }, biz_opaque_callback_data = callback };
        (HttpStatusCode status, JsonElement answer) = await PostAsync(JsonSerializer.Serialize(message));
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        return TestRelay.Text(answer.GetProperty("messages")[0], "id");
    }

    public Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(
        string body, string contentType = "application/json", string? token = null, string? path = null)
    {
        StringContent content = new(body, Encoding.UTF8);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return PostAsync(content, token, path);
    }

    public Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(HttpContent content, string? token = null, string? path = null) =>
        CallAsync(HttpMethod.Post, content, token, path ?? $"v25.0/{PhoneNumberId}/messages");

    /// <summary>Posts with headers <c>Idempotency-Key</c>, usually one.</summary>
    public async Task<PostAnswer> PostKeyedAsync(string body, params string[] keys)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(relay.BaseAddress, $"v25.0/{PhoneNumberId}/messages"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        Assert.True(keys.Length == 0 || request.Headers.TryAddWithoutValidation("Idempotency-Key", keys));
        using HttpResponseMessage response = await relay.Http.SendAsync(request);
        JsonElement answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        return new PostAnswer(response.StatusCode, answer, (int?)response.Headers.RetryAfter?.Delta?.TotalSeconds);
    }

    public static string Text(string to, string body) => JsonSerializer.Serialize(new { messaging_product = "whatsapp", to, type = "text", text = new { body } });

    /// <summary>The same business, calling another instance of the same Relay.</summary>
    public TestBusiness At(IFrontDoor other) => new(other)
    {
        Id = Id,
        WabaId = WabaId,
        AppSecret = AppSecret,
        PhoneNumberId = PhoneNumberId,
        Number = Number,
        AccessToken = AccessToken,
        TokenId = TokenId,
    };

    public Task<(HttpStatusCode Status, JsonElement Answer)> DeleteAsync(string path) => CallAsync(HttpMethod.Delete, null, null, path);

    public Task<(HttpStatusCode Status, JsonElement Answer)> DeleteAsync(string path, string body) =>
        CallAsync(HttpMethod.Delete, new StringContent(body, Encoding.UTF8, "application/json"), null, path);

    public Task<(HttpStatusCode Status, JsonElement Answer)> GetAsync(string path) => CallAsync(HttpMethod.Get, null, null, path);

    private async Task<(HttpStatusCode Status, JsonElement Answer)> CallAsync(HttpMethod method, HttpContent? content, string? token, string path)
    {
        using HttpRequestMessage request = new(method, new Uri(relay.BaseAddress, path)) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? AccessToken);
        using HttpResponseMessage response = await relay.Http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }
}

/// <param name="Status">Of HTTP.</param>
/// <param name="Answer">The body.</param>
/// <param name="RetryAfter">In seconds, where the header is there.</param>
internal sealed record PostAnswer(HttpStatusCode Status, JsonElement Answer, int? RetryAfter)
{
    /// <summary>The message's id; fails when it was refused.</summary>
    public string Id => Status == HttpStatusCode.OK ? TestRelay.Text(Answer.GetProperty("messages")[0], "id") : throw new InvalidOperationException(Answer.ToString());

    /// <summary>The error's code; 0 for none.</summary>
    public int Code => Status == HttpStatusCode.OK ? 0 : Answer.GetProperty("error").GetProperty("code").GetInt32();

    public string Details => TestRelay.Text(Answer.GetProperty("error").GetProperty("error_data"), "details");
}

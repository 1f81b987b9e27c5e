using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Primitives;

namespace Relay.LocalHost.Running;

/// <summary>The admin API over HTTP, as an operator would call it.</summary>
internal sealed class AdminClient(HttpClient http, Uri baseAddress, Secret adminToken)
{
    public Task<CreateBusinessResponse> CreateBusinessAsync(string name, CancellationToken cancellationToken) => CallAsync(
        HttpMethod.Post,
        "businesses",
        new CreateBusinessRequest(name),
        AdminJson.Default.CreateBusinessRequest,
        AdminJson.Default.CreateBusinessResponse,
        cancellationToken);

    public Task<RegisterNumberResponse> RegisterNumberAsync(string business, RegisterNumberRequest request, CancellationToken cancellationToken) => CallAsync(
        HttpMethod.Post,
        $"businesses/{business}/phone_numbers",
        request,
        AdminJson.Default.RegisterNumberRequest,
        AdminJson.Default.RegisterNumberResponse,
        cancellationToken);

    public Task<IssueTokenResponse> IssueTokenAsync(string business, CancellationToken cancellationToken) => CallAsync(
        HttpMethod.Post,
        $"businesses/{business}/access_tokens",
        new IssueTokenRequest(),
        AdminJson.Default.IssueTokenRequest,
        AdminJson.Default.IssueTokenResponse,
        cancellationToken);

    public Task<AdminSuccess> SetWebhookAsync(string business, SetWebhookRequest request, CancellationToken cancellationToken) => CallAsync(
        HttpMethod.Put,
        $"businesses/{business}/webhook",
        request,
        AdminJson.Default.SetWebhookRequest,
        AdminJson.Default.AdminSuccess,
        cancellationToken);

    public Task<AdminSuccess> SetReportKeyAsync(byte[] publicKey, CancellationToken cancellationToken) => CallAsync(
        HttpMethod.Put,
        "report_key",
        new SetPublicReportKeyRequest(Convert.ToBase64String(publicKey)),
        AdminJson.Default.SetPublicReportKeyRequest,
        AdminJson.Default.AdminSuccess,
        cancellationToken);

    public Task<IntegrityResponse> ShowIntegrityAsync(string business, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Get, $"businesses/{business}/integrity", null, AdminJson.Default.IntegrityResponse, cancellationToken);

    private Task<TAnswer> CallAsync<TBody, TAnswer>(
        HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken) =>
        CallAsync(method, path, JsonContent.Create(body, bodyType), answerType, cancellationToken);

    private async Task<TAnswer> CallAsync<TAnswer>(
        HttpMethod method, string path, HttpContent? content, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, new Uri(baseAddress, "relay/v1/admin/" + path)) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", adminToken.Reveal());
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
        string text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode && JsonSerializer.Deserialize(text, answerType) is { } answer
            ? answer
            : throw new InvalidOperationException($"The admin API answered {(int)response.StatusCode}: {text}");
    }
}

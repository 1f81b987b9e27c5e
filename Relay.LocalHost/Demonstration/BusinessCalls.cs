using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Relay.LocalHost.Running;

namespace Relay.LocalHost.Demonstration;

/// <summary>The Cloud API over HTTP, as the demo business's own program would call it.</summary>
internal sealed class BusinessCalls(HttpClient http, Uri relay, DemoBusiness business)
{
    private const int TooManyRequests = 429;
    private const int MaxAttempts = 60;

    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(1);

    public string MessagesPath => $"v25.0/{business.PhoneNumberId}/messages";

    public string StandingPath => $"v25.0/{business.PhoneNumberId}?fields=quality_rating,whatsapp_business_manager_messaging_limit";

    public static string Text(string to, string text) =>
        $$$"""{"messaging_product":"whatsapp","to":"{{{to}}}","type":"text","text":{"body":"{{{text}}}"}}""";

    public Task<BusinessAnswer> SendAsync(string body, CancellationToken cancellationToken) => CallAsync(HttpMethod.Post, MessagesPath, body, cancellationToken);

    /// <summary>Sends; waits and repeats when it is told that it sends too fast, as the Cloud API wants it.</summary>
    /// <param name="body">The message.</param>
    /// <param name="slowedDown">Called for each time.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<BusinessAnswer> SendPatientlyAsync(string body, Action slowedDown, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            BusinessAnswer answer = await SendAsync(body, cancellationToken);
            if (answer.Status != TooManyRequests)
            {
                return answer;
            }

            slowedDown();
            await Task.Delay(answer.RetryAfter ?? UsualWait, cancellationToken);
        }

        throw new DemoException("the business was told to wait for too long");
    }

    /// <summary>The number's node: how it stands.</summary>
    public Task<BusinessAnswer> ShowStandingAsync(CancellationToken cancellationToken) => CallAsync(HttpMethod.Get, StandingPath, null, cancellationToken);

    private async Task<BusinessAnswer> CallAsync(HttpMethod method, string path, string? body, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, new Uri(relay, path));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", business.AccessToken);
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
        return new BusinessAnswer((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken), response.Headers.RetryAfter?.Delta);
    }
}

/// <param name="Status">Of HTTP.</param>
/// <param name="Body">As it came.</param>
/// <param name="RetryAfter">Where the header is there.</param>
internal sealed record BusinessAnswer(int Status, string Body, TimeSpan? RetryAfter)
{
    public override string ToString() => Status.ToString(CultureInfo.InvariantCulture);

    /// <summary>Null when it was not accepted.</summary>
    public string? MessageId => Root.TryGetProperty("messages", out JsonElement messages) ? messages[0].GetProperty("id").GetString() : null;

    /// <summary>The Cloud API's error code; null for none.</summary>
    public int? Error => Root.TryGetProperty("error", out JsonElement error) ? error.GetProperty("code").GetInt32() : null;

    public string? Quality => Root.TryGetProperty("quality_rating", out JsonElement quality) ? quality.GetString() : null;

    private JsonElement Root => JsonDocument.Parse(Body).RootElement;
}

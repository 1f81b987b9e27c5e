using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Tests.Support;

namespace Relay.Tests.Administration;

/// <summary>A running Relay whose admin API is called by people, over real HTTP.</summary>
internal sealed class AdminWorld(TestRelay running, FakeTimeProvider time) : IAsyncDisposable
{
    public TestRelay Running { get; } = running;

    public FakeTimeProvider Time { get; } = time;

    public string AdminToken => Running.Local.Options.AdminToken.Reveal();

    public static FakeTimeProvider Clock() => new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));

    public static async Task<AdminWorld> StartAsync(LocalRelayOptions? options = null, FakeTimeProvider? clock = null)
    {
        FakeTimeProvider time = clock ?? Clock();
        return new AdminWorld(await TestRelay.StartAsync((options ?? new LocalRelayOptions()) with { Time = time }), time);
    }

    public Task<string> BusinessAsync(string name = "Blumen") => TextAsync(HttpMethod.Post, "businesses", new { name }, "id");

    /// <summary>Somebody with a key; gives id and key.</summary>
    public async Task<(string Id, string Key)> PersonAsync(params object[] roles)
    {
        AdminAnswer answer = await CallAsync(HttpMethod.Post, "people", new { name = "Kim", roles });
        return (answer.Text("id"), answer.Text("key"));
    }

    public async Task<string> TextAsync(HttpMethod method, string path, object body, string member) => (await DoAsync(method, path, body)).Text(member);

    /// <summary>By the admin token; must succeed.</summary>
    public async Task<AdminAnswer> DoAsync(HttpMethod method, string path, object? body = null)
    {
        AdminAnswer answer = await CallAsync(method, path, body);
        return answer.Status == HttpStatusCode.OK ? answer : throw new InvalidOperationException($"{method} {path}: {answer.Body}");
    }

    public Task<AdminAnswer> GetAsync(string path, string? token = null) => CallAsync(HttpMethod.Get, path, null, token);

    public async Task<AdminAnswer> CallAsync(HttpMethod method, string path, object? body = null, string? token = null)
    {
        using HttpRequestMessage request = new(method, new Uri(Running.Local.BaseAddress, "relay/v1/admin/" + path));
        if (body is not null)
        {
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? AdminToken);
        using HttpResponseMessage response = await Running.Http.SendAsync(request);
        return new AdminAnswer(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.RetryAfter?.Delta);
    }

    /// <summary>What was recorded of a business, or of the operator (<c>0</c>): operation and who, oldest first.</summary>
    public async Task<IReadOnlyList<(string Operation, string Who)>> AuditAsync(string business)
    {
        AdminAnswer answer = await GetAsync($"businesses/{business}/audit?limit=1000");
        return answer.Status != HttpStatusCode.OK ? [] : [.. answer.Json.GetProperty("data").EnumerateArray()
            .Select(line => line.GetProperty("entry"))
            .Select(entry => (entry.GetProperty("operation").GetString() ?? "", entry.GetProperty("who").GetString() ?? ""))];
    }

    public ValueTask DisposeAsync() => Running.DisposeAsync();
}

/// <param name="Status">Of HTTP.</param>
/// <param name="Body">As it came.</param>
/// <param name="RetryAfter">Where the header is there.</param>
internal sealed record AdminAnswer(HttpStatusCode Status, string Body, TimeSpan? RetryAfter)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>Code and subcode of an error; empty for a success.</summary>
    public string Error => Json.TryGetProperty("error", out JsonElement error)
        ? error.GetProperty("code").GetInt32() + (error.TryGetProperty("error_subcode", out JsonElement subcode) ? "/" + subcode.GetInt32() : "")
        : "";

    /// <summary>All that the answer says but its trace.</summary>
    public string Said => Json.TryGetProperty("error", out JsonElement error)
        ? $"{(int)Status} {error.GetProperty("message")} {error.GetProperty("type")} {Error} {error.GetProperty("error_data")}"
        : $"{(int)Status} {Body}";

    public string Text(string member) => Json.TryGetProperty(member, out JsonElement value) ? value.GetString() ?? "" : throw new InvalidOperationException($"No {member}: {Body}");
}

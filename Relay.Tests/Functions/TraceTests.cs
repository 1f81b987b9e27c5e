using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Functions;

/// <summary>Whoever quotes the <c>fbtrace_id</c> of an error is found in the log, with its code and nothing of the request.</summary>
public sealed class TraceTests
{
    [Theory]
    [InlineData("POST", "v25.0/1/messages", "wrong", "{}", 401, 190)]
    [InlineData("POST", "v25.0/1/messages", "business", "{}", 400, 100)]
    [InlineData("GET", "v25.0/not/a/path", "business", null, 400, 2500)]
    [InlineData("GET", "whatsapp_business/attachments?mid=1&ext=1&hash=x", "none", null, 401, 190)]
    [InlineData("GET", "relay/v1/qr_codes/x/svg", "none", null, 400, 100)]
    [InlineData("GET", "relay/v1/admin/audit", "business", null, 401, 190)]
    [InlineData("GET", "relay/v1/contacts/4915799999999/export", "wrong", null, 401, 190)]
    public async Task A_refusal_is_found_by_its_trace(string method, string path, string token, string? body, int status, int code)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(relay.Local.BaseAddress, path));
        if (token != "none")
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {(token == "business" ? business.AccessToken : token)}");
        }

        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await relay.Http.SendAsync(request);
        JsonElement error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        string trace = TestRelay.Text(error, "fbtrace_id");
        Assert.Equal((status, code), ((int)response.StatusCode, error.GetProperty("code").GetInt32()));
        Assert.Equal([trace], response.Headers.GetValues("x-fb-trace-id"));
        (LogLevel level, int _, string text) = Assert.Single(relay.Log.Lines, line => line.Text.Contains(trace, StringComparison.Ordinal));
        int subcode = error.TryGetProperty("error_subcode", out JsonElement given) ? given.GetInt32() : 0;
        Assert.Equal(
            (LogLevel.Information, $"Relay.Functions.Http.GraphResults: Request {trace} was refused: {status}, code {code}, subcode {subcode}. "), (level, text));
    }

    [Fact]
    public async Task What_is_accepted_leaves_no_line()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        int before = relay.Log.Lines.Count(line => line.Event == 103);
        Assert.Equal(HttpStatusCode.OK, (await business.GetAsync($"v25.0/{business.PhoneNumberId}/settings")).Status);
        Assert.Equal(before, relay.Log.Lines.Count(line => line.Event == 103));
    }
}

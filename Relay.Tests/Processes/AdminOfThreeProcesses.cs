using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Relay.Functions;
using Relay.LocalHost;
using Relay.Phone.Events;
using Relay.Shared.Hosting;
using Relay.Tests.Integrity;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Processes;

/// <summary>Every operation of the admin API once, at a manager that has its part of the relay's account and no more; what each gives is what the next ones name.</summary>
internal sealed class AdminOfThreeProcesses(ProcessRelay relay, WebhookReceiver receiver)
{
    private readonly Dictionary<string, string> _ids = [];
    private readonly List<string> _done = [];
    private string? _accessToken;

    /// <summary>Every HTTP function of the manager but the one that only another manager may call, and what every app has.</summary>
    public static IEnumerable<string> Expected() => FunctionCatalog.Scan(typeof(FunctionRoles).Assembly.GetTypes()).Http
        .Select(function => function.Name).Where(name => FunctionRoles.Of(name) == RelayRole.Manager && name != "AdminAdoptNumber");

    public async Task<IReadOnlyList<string>> RunAsync()
    {
        await DoAsync("AdminCreateBusiness", "POST", "businesses", new { name = "X" }, "business");
        await DoAsync("AdminListBusinesses", "GET", "businesses");
        await DoAsync("AdminShowBusiness", "GET", "businesses/<business>");
        await DoAsync("AdminListWabas", "GET", "businesses/<business>/wabas");
        await DoAsync("AdminRenameBusiness", "PUT", "businesses/<business>/name", new { name = "Y" });
        await DoAsync("AdminRotateAppSecret", "POST", "businesses/<business>/app_secret", new { });
        await DoAsync("AdminRegisterNumber", "POST", "businesses/<business>/phone_numbers", new { phone_number = TestRelay.RandomNumber(), verified_name = "Z" }, "number");
        await DoAsync("AdminListNumbers", "GET", "businesses/<business>/phone_numbers");
        await DoAsync("AdminShowNumber", "GET", "businesses/<business>/phone_numbers/<number>");
        await DoAsync("AdminSetThroughput", "PUT", "businesses/<business>/phone_numbers/<number>/throughput", new { level = "HIGH" });
        await DoAsync("AdminSetWebhook", "PUT", "businesses/<business>/webhook", new { callback_url = receiver.Callback, verify_token = receiver.VerifyToken });
        await DoAsync("AdminShowWebhook", "GET", "businesses/<business>/webhook");
        await DoAsync("AdminAddSubscriber", "POST", "businesses/<business>/subscribers", new { callback_url = receiver.Callback + "?second", verify_token = receiver.VerifyToken }, "subscriber");
        await DoAsync("AdminListSubscribers", "GET", "businesses/<business>/subscribers");
        await DoAsync("AdminAddSystemUser", "POST", "businesses/<business>/system_users", new { name = "U", role = "EMPLOYEE" }, "user");
        await DoAsync("AdminListSystemUsers", "GET", "businesses/<business>/system_users");
        await DoAsync("AdminIssueToken", "POST", "businesses/<business>/access_tokens", new { }, "token");
        await DoAsync("AdminListTokens", "GET", "businesses/<business>/access_tokens");
        await DoAsync("AdminShowToken", "GET", "businesses/<business>/access_tokens/<token>");
        await DoAsync("AdminSetTokenExpiry", "PUT", "businesses/<business>/access_tokens/<token>/expiry", new { expires_at = DateTimeOffset.MaxValue.ToUnixTimeSeconds() });
        await DoAsync("AdminSetSignalPolicy", "PUT", "businesses/<business>/signal_policy", new { protocols = new[] { "pqxdh", "x3dh" } });
        await DoAsync("AdminSetReplayWindow", "PUT", "businesses/<business>/replay_window", new { days = 2 });
        await DoAsync("AdminShowBilling", "GET", "businesses/<business>/billing?start=2026-11-01&end=2026-11-02");
        await DoAsync("AdminListIntegrity", "GET", "integrity");
        await DoAsync("AdminSetReportKey", "PUT", "report_key", new { public_key = Convert.ToBase64String(Reporting.PublicKey) });
        await ReportAsync();
        await DoAsync("AdminListReports", "GET", "businesses/<business>/reports", gives: "report");
        await DoAsync("AdminCloseReport", "DELETE", "businesses/<business>/reports/<report>");
        await DoAsync("AdminShowIntegrity", "GET", "businesses/<business>/integrity");
        await DoAsync("AdminSetIntegrity", "PUT", "businesses/<business>/integrity", new { restricted = true });
        await DoAsync("AdminListAudit", "GET", "businesses/<business>/audit");
        await DoAsync("AdminListAudited", "GET", "audit");
        await DoAsync("AdminListStatistics", "GET", "statistics");
        await DoAsync("AdminListDeletionReceipts", "GET", "businesses/<business>/deletion_receipts");
        await DoAsync("AdminShowPrivacy", "GET", "businesses/<business>/privacy");
        await DoAsync("AdminShowSigningKey", "GET", "keys/signing/signing");
        await DoAsync("AdminReady", "GET", "ready");
        await DoAsync("AdminAddPerson", "POST", "people", new { name = "P", roles = new[] { new { role = "ADMIN" } } }, "person");
        await DoAsync("AdminListPeople", "GET", "people");
        await DoAsync("AdminSetPersonRoles", "PUT", "people/<person>/roles", new { roles = new[] { new { role = "BILLING" } } });
        await DoAsync("AdminRemovePerson", "DELETE", "people/<person>");
        await DoAsync("AdminDeregisterNumber", "POST", "businesses/<business>/phone_numbers/<number>/deregister", new { });
        await DoAsync("AdminRevokeToken", "DELETE", "businesses/<business>/access_tokens/<token>");
        await DoAsync("AdminRemoveSystemUser", "DELETE", "businesses/<business>/system_users/<user>");
        await DoAsync("AdminRemoveSubscriber", "DELETE", "businesses/<business>/subscribers/<subscriber>");
        await DoAsync("AdminRemoveWebhook", "DELETE", "businesses/<business>/webhook");
        await DoAsync("AdminRemoveNumber", "DELETE", "businesses/<business>/phone_numbers/<number>");
        await DoAsync("AdminCloseBusiness", "DELETE", "businesses/<business>");
        return _done;
    }

    private async Task DoAsync(string function, string method, string path, object? body = null, string? gives = null)
    {
        string filled = _ids.Aggregate(path, (text, id) => text.Replace($"<{id.Key}>", id.Value, StringComparison.Ordinal));
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(relay.At(RelayRole.Manager), "relay/v1/admin/" + filled))
        {
            Content = body is null ? null : new StringContent(JsonSerializer.Serialize(body), MediaTypeHeaderValue.Parse("application/json")),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", relay.Options.AdminToken.Reveal()) },
        };
        using HttpResponseMessage response = await relay.Http.SendAsync(request);
        string answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{function}: {(int)response.StatusCode} {answer}");
        _done.Add(function);
        if (gives is not null)
        {
            using JsonDocument parsed = JsonDocument.Parse(answer);
            JsonElement given = parsed.RootElement.TryGetProperty("data", out JsonElement data) ? data[0] : parsed.RootElement;
            _ids[gives] = TestRelay.Text(given, "id");
            _accessToken = given.TryGetProperty("access_token", out JsonElement token) ? token.GetString() : _accessToken;
        }
    }

    /// <summary>A user who shows what the business said.</summary>
    private async Task ReportAsync()
    {
        using TestDevice user = await relay.DeviceAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(relay.At(RelayRole.Relay), $"v25.0/{_ids["number"]}/messages"))
        {
            Content = new StringContent(TestBusiness.Text(user.Number, "buy this"), MediaTypeHeaderValue.Parse("application/json")),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", _accessToken) },
        };
        using HttpResponseMessage response = await relay.Http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        MessageReceived message = await user.NextAsync();
        Assert.True(await user.Phone.ReportAsync(message.From, null, withContent: true, CancellationToken.None));
    }
}

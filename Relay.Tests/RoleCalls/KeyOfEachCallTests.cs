using System.Net.Http.Headers;
using System.Reflection;
using Relay.LocalHost;
using Relay.Shared.Primitives;
using Relay.Shared.RoleCalls;
using Relay.Tests.Support;
using Relay.Tests.Transport;
using Xunit;

namespace Relay.Tests.RoleCalls;

/// <summary>Whoever has the relay's key registers business numbers and asks nothing as an operator, and the other way round: over HTTP, on every route that is signed.</summary>
public sealed class KeyOfEachCallTests
{
    private const string Registering = "transport/v1/business-numbers";
    private const string Operating = "transport/v1/operator/";

    [Fact]
    public async Task A_call_signed_with_the_other_key_is_refused_as_one_by_a_stranger()
    {
        await using TransportHarness transport = await TransportHarness.StartAsync();
        await using LocalFunctionHost host = await LocalFunctionHost.StartAsync(
            new LocalFunctionHostOptions
            {
                FunctionClasses = type => type.Namespace == "Relay.Functions.Devices",
                ConfigureServices = transport.Configure,
                Time = transport.Time,
                RunPumps = false,
            },
            default);
        using HttpClient http = new() { BaseAddress = host.BaseAddress };
        List<string> wrong = [];
        List<string> operating = [];
        foreach (HttpFunction function in Signed())
        {
            bool registers = function.Route == Registering;
            operating.AddRange(registers ? [] : [function.Name]);
            string own = registers ? TransportHarness.RegistrationKey : TransportHarness.OperatorKey;
            string others = registers ? TransportHarness.OperatorKey : TransportHarness.RegistrationKey;
            string stranger = await CallAsync(transport, http, function, "a stranger's key");
            string other = await CallAsync(transport, http, function, others);

            // It reads the body, in which everything is missing, and only then finds fault.
            string genuine = await CallAsync(transport, http, function, own);
            wrong.AddRange(!stranger.StartsWith("401", StringComparison.Ordinal) ? [$"{function.Name} to a stranger: {stranger}"] : []);
            wrong.AddRange(other != stranger ? [$"{function.Name} with the other key: {other}"] : []);
            wrong.AddRange(!genuine.StartsWith("400", StringComparison.Ordinal) && !genuine.StartsWith("200", StringComparison.Ordinal) ? [$"{function.Name} with its own key: {genuine}"] : []);
        }

        Findings.None(wrong);
        Assert.Equal(
            [
                "TransportCloseReport", "TransportEndBusiness", "TransportListReports", "TransportListStandings", "TransportListStatistics", "TransportSetReportKey", "TransportSetStanding",
                "TransportShowSignals",
            ],
            operating.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<HttpFunction> Signed() => FunctionCatalog.Scan(Assembly.Load("Relay.Functions").GetTypes()).Http
        .Where(function => function.Route == Registering || function.Route.StartsWith(Operating, StringComparison.Ordinal));

    /// <summary>The whole answer, but for the time in it.</summary>
    private static async Task<string> CallAsync(TransportHarness transport, HttpClient http, HttpFunction function, string key)
    {
        byte[] body = "{}"u8.ToArray();
        string verb = Assert.Single(function.Verbs).ToUpperInvariant();
        using HttpRequestMessage request = new(new HttpMethod(verb), new Uri(http.BaseAddress!, function.Route)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        new RoleSigner(new RoleKeys(new Secret(key)), transport.Time).Sign(request, RoleCall.ToTransport, body);
        using HttpResponseMessage response = await http.SendAsync(request);
        string headers = string.Join('\n', response.Headers.Where(header => header.Key != "Date").Select(header => $"{header.Key}: {string.Join(',', header.Value)}"));
        return $"{(int)response.StatusCode}\n{headers}\n{await response.Content.ReadAsStringAsync()}";
    }
}

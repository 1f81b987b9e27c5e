using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Xunit;

namespace Relay.Tests.LocalHost;

public sealed class HttpRoutingTests : IAsyncDisposable
{
    private readonly SampleHost _sample = new();

    public ValueTask DisposeAsync() => _sample.DisposeAsync();

    [Theory]
    [InlineData("GET", "/v23.0/123/messages", "AnyMessages v23.0 123")]
    [InlineData("GET", "/v23.0/123/messages/", "AnyMessages v23.0 123")]
    [InlineData("GET", "/V23.0/123/MESSAGES?a=b", "AnyMessages V23.0 123")]
    [InlineData("GET", "/relay/123/messages", "zzCatch relay/123/messages")]
    [InlineData("GET", "/v23.0/456", "ByNode v23.0 456")]
    [InlineData("GET", "/v23.0/abc", "zzCatch v23.0/abc")]
    [InlineData("GET", "/v23.0/456/", "ByNode v23.0 456")]
    [InlineData("GET", "/", "zzCatch ")]
    [InlineData("GET", "/a%20b/c%2Fd", "zzCatch a b/c%2Fd")]
    public async Task A_path_reaches_the_first_route_that_takes_it(string verb, string path, string expected)
    {
        await _sample.StartAsync(typeof(Routes));

        Assert.Equal((HttpStatusCode.OK, expected), await SendAsync(verb, path));
    }

    [Fact]
    public async Task A_literal_has_no_precedence_over_a_parameter()
    {
        await _sample.StartAsync(typeof(ParameterFirst));

        Assert.Equal((HttpStatusCode.OK, "AParameter literal"), await SendAsync("GET", "/literal"));
    }

    [Fact]
    public async Task Names_are_ordered_without_regard_to_case()
    {
        await _sample.StartAsync(typeof(CaseOrder));

        Assert.Equal((HttpStatusCode.OK, "alpha x"), await SendAsync("GET", "/x"));
    }

    [Fact]
    public async Task A_catch_all_swallows_every_route_behind_it()
    {
        await _sample.StartAsync(typeof(CatchAllFirst));

        Assert.Equal((HttpStatusCode.OK, "Catch health"), await SendAsync("GET", "/health"));
    }

    [Fact]
    public async Task A_verb_that_nobody_takes_is_404_without_a_body()
    {
        await _sample.StartAsync(typeof(ParameterFirst));

        Assert.Equal((HttpStatusCode.NotFound, ""), await SendAsync("DELETE", "/literal"));
    }

    [Fact]
    public async Task The_next_route_is_tried_when_the_verb_differs()
    {
        await _sample.StartAsync(typeof(ParameterFirst));

        Assert.Equal((HttpStatusCode.OK, "BLiteral"), await SendAsync("POST", "/literal"));
    }

    [Fact]
    public async Task A_path_that_nobody_takes_is_404_without_a_body()
    {
        await _sample.StartAsync(typeof(ParameterFirst));

        Assert.Equal((HttpStatusCode.NotFound, ""), await SendAsync("GET", "/a/b"));
    }

    [Theory]
    [InlineData("/admin")]
    [InlineData("/Admin/host/status")]
    public async Task The_admin_path_is_the_hosts_own_even_before_a_catch_all(string path)
    {
        await _sample.StartAsync(typeof(Routes));

        Assert.Equal((HttpStatusCode.NotFound, ""), await SendAsync("GET", path));
    }

    [Fact]
    public async Task The_route_prefix_of_host_json_comes_first()
    {
        _sample.HostJson = """{ "extensions": { "http": { "routePrefix": "api" }, "queues": { "messageEncoding": "none" } } }""";
        await _sample.StartAsync(typeof(ParameterFirst));

        Assert.Equal((HttpStatusCode.OK, "AParameter literal"), await SendAsync("GET", "/api/literal"));
        Assert.Equal((HttpStatusCode.NotFound, ""), await SendAsync("GET", "/literal"));
    }

    [Fact]
    public async Task A_function_without_a_route_is_found_by_its_name()
    {
        await _sample.StartAsync(typeof(Named));

        Assert.Equal((HttpStatusCode.OK, "Unrouted"), await SendAsync("PATCH", "/unrouted"));
    }

    [Fact]
    public async Task A_body_and_a_query_arrive_intact_with_any_verb()
    {
        await _sample.StartAsync(typeof(Echo));
        var body = new string('x', 2 * 1024 * 1024);

        Assert.Equal((HttpStatusCode.OK, "?q=%201" + body), await SendAsync("DELETE", "/echo?q=%201", body));
    }

    [Fact]
    public async Task A_body_beyond_the_hosts_bound_is_413()
    {
        await _sample.StartAsync(options => options with { MaxRequestBodyBytes = 10 }, typeof(Echo));

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, ""), await SendAsync("POST", "/echo", "12345678901"));
    }

    [Fact]
    public async Task Request_headers_beyond_16_KiB_are_431()
    {
        await _sample.StartAsync(typeof(Echo));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/echo");
        request.Headers.Add("x", new string('y', 17 * 1024));

        using var response = await _sample.Http.SendAsync(request, _sample.Patience);

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task A_response_does_not_name_the_server()
    {
        await _sample.StartAsync(typeof(Echo));

        using var response = await _sample.Http.GetAsync("/echo", _sample.Patience);

        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Each_call_has_a_scope_of_its_own()
    {
        await _sample.StartAsync(typeof(Scoped));

        Assert.NotEqual(await SendAsync("GET", "/scoped"), await SendAsync("GET", "/scoped"));
    }

    [Theory]
    [InlineData("/throws/at-once")]
    [InlineData("/throws/later")]
    [InlineData("/throws/while-writing-headers")]
    public async Task An_unhandled_exception_is_500_without_a_body_and_only_its_type_is_logged(string path)
    {
        var faults = new List<(string, Exception)>();
        await _sample.StartAsync(options => options with { OnFault = (name, fault) => faults.Add((name, fault)) }, typeof(Throws));

        using var response = await _sample.Http.GetAsync(path, _sample.Patience);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync(_sample.Patience));
        Assert.False(response.Headers.Contains("X-Half"));
        var line = Assert.Single(_sample.Log.Lines, line => line.Event == 9001);
        Assert.Contains("Function Throws failed with InvalidTimeZoneException.", line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_sample.Log.Lines, any => any.Text.Contains("+15550001", StringComparison.Ordinal));
        Assert.IsType<InvalidTimeZoneException>(Assert.Single(faults).Item2);
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(string verb, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8);
        using var response = await _sample.Http.SendAsync(request, _sample.Patience);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(_sample.Patience));
    }

    private static Task<IResult> Says(string text) => Task.FromResult(Results.Text(text));

    public sealed class Routes
    {
        [Function("zzCatch")]
        public Task<IResult> CatchAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request, string path) => Says($"zzCatch {path}");

        [Function("AnyMessages")]
        public Task<IResult> MessagesAsync(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{version:regex(^[vV]\d+\.\d+$)}/{phoneNumberId}/messages")] HttpRequest request,
            string version,
            string phoneNumberId,
            CancellationToken cancellationToken) => Says($"AnyMessages {version} {phoneNumberId}");

        [Function("ByNode")]
        public Task<IResult> NodeAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{version}/{nodeId:regex(^\d+$)}")] HttpRequest request, string version, string nodeId) =>
            Says($"ByNode {version} {nodeId}");
    }

    public sealed class ParameterFirst
    {
        [Function("BLiteral")]
        public Task<IResult> LiteralAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "literal")] HttpRequest request) => Says("BLiteral");

        [Function("AParameter")]
        public Task<IResult> ParameterAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "{value}")] HttpRequest request, string value) => Says($"AParameter {value}");
    }

    public sealed class CaseOrder
    {
        [Function("Beta")]
        public Task<IResult> BetaAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "{value}")] HttpRequest request) => Says("Beta");

        [Function("alpha")]
        public Task<IResult> AlphaAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "{value}")] HttpRequest request, string value) => Says($"alpha {value}");
    }

    public sealed class CatchAllFirst
    {
        [Function("Health")]
        public Task<IResult> HealthAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request) => Says("Health");

        [Function("Catch")]
        public Task<IResult> CatchAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "{*path}")] HttpRequest request, string path) => Says($"Catch {path}");
    }

    public sealed class Named
    {
        [Function("Unrouted")]
        public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Says("Unrouted");
    }

    public sealed class Echo
    {
        [Function("Echo")]
        public async Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "echo")] HttpRequest request, CancellationToken cancellationToken)
        {
            using var reader = new StreamReader(request.Body);
            return Results.Text(request.QueryString + await reader.ReadToEndAsync(cancellationToken));
        }
    }

    public sealed class Scoped(PerCall call)
    {
        [Function("Scoped")]
        public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "scoped")] HttpRequest request) => Says($"{call.Number}");
    }

    public sealed class Throws
    {
        [Function("Throws")]
        public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "throws/{how}")] HttpRequest request, string how)
        {
            request.HttpContext.Response.Headers["X-Half"] = "done";
            var fault = new InvalidTimeZoneException("+15550001");
            return how switch
            {
                "at-once" => throw fault,
                "later" => Task.FromException<IResult>(fault),
                _ => Task.FromResult<IResult>(new ThrowingResult(fault)),
            };
        }
    }

    private sealed class ThrowingResult(Exception fault) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = 200;
            throw fault;
        }
    }
}

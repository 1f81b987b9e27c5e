using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.LocalHost;
using Xunit;

namespace Relay.Tests.LocalHost;

public sealed class FunctionCatalogTests
{
    [Theory]
    [InlineData(typeof(NoTrigger), "has 0 triggers")]
    [InlineData(typeof(TwoTriggers), "has 2 triggers")]
    [InlineData(typeof(SameName), "Function name 'Same' is used 2 times")]
    [InlineData(typeof(SameQueue), "Queue 'outbound' has 2 functions: First, Second")]
    [InlineData(typeof(BadName), "its name must be")]
    [InlineData(typeof(StaticMethod), "public instance method")]
    [InlineData(typeof(HiddenMethod), "public instance method")]
    [InlineData(typeof(HttpReturnsTask), "must return Task<IResult>")]
    [InlineData(typeof(QueueReturnsText), "must return Task.")]
    [InlineData(typeof(HttpTakesService), "parameter 'services' is neither")]
    [InlineData(typeof(HttpTakesNumber), "parameter 'id' is neither")]
    [InlineData(typeof(HttpTakesUnrouted), "parameter 'other' is neither")]
    [InlineData(typeof(HttpOnString), "parameter 'body' is neither")]
    [InlineData(typeof(AdminRoute), "starts with 'admin'")]
    [InlineData(typeof(UnreadableRoute), "its route can't be read")]
    [InlineData(typeof(QueueTakesBytes), "parameter 'body' is neither")]
    [InlineData(typeof(QueueWithoutConnection), "names no Connection")]
    [InlineData(typeof(QueueBadName), "its queue's name")]
    [InlineData(typeof(TimerBadSchedule), "six NCRONTAB fields")]
    [InlineData(typeof(TimerTakesString), "parameter 'more' is neither")]
    public void A_function_outside_the_contract_stops_the_start(Type functions, string problem)
    {
        var failure = Assert.Throws<InvalidOperationException>(() => FunctionCatalog.Scan([functions]));

        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => FunctionCatalog.Scan([typeof(NoTrigger), typeof(AdminRoute)]));

        Assert.Contains("'NoTrigger'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("'AdminRoute'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Functions_are_listed_by_name_with_what_their_triggers_say()
    {
        var catalog = FunctionCatalog.Scan([typeof(Good)]);

        Assert.Equal(["alpha", "Beta", "Gamma"], catalog.Functions.Select(function => function.Name));
        Assert.Equal(("{a}/b", "GET,PUT"), catalog.Http.Select(http => (http.Route, string.Join(',', http.Verbs))).Single());
        Assert.Equal(("inbound", "RelayStorage"), catalog.Queues.Select(queue => (queue.Queue, queue.Connection)).Single());
        Assert.Equal("0 */5 * * * *", catalog.Timers.Single().Schedule);
    }

    [Fact]
    public async Task An_unknown_route_constraint_stops_the_start()
    {
        await using var sample = new SampleHost();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => sample.StartAsync(typeof(UnknownConstraint)));

        Assert.Contains("nonsense", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disabled_function_is_not_hosted()
    {
        await using var sample = new SampleHost();
        var host = await sample.StartAsync(options => options with { DisabledFunctions = new HashSet<string> { "Beta" } }, typeof(Good));

        Assert.Equal(["alpha", "Gamma"], host.Catalog.Functions.Select(function => function.Name));
    }

    [Fact]
    public async Task The_default_is_the_assembly_of_Relays_functions()
    {
        await using var sample = new SampleHost();
        var options = new LocalFunctionHostOptions { ConfigureServices = _ => { } };

        Assert.Equal("Relay.Functions", Assert.Single(options.FunctionAssemblies).GetName().Name);
        Assert.True(File.Exists(options.HostJsonPath));
    }

    private const AuthorizationLevel Anyone = AuthorizationLevel.Anonymous;

    public sealed class Good
    {
        [Function("Gamma")]
        public Task TickAsync([TimerTrigger("0 */5 * * * *")] TimerInfo timer) => Task.CompletedTask;

        [Function("Beta")]
        public Task ReceiveAsync([QueueTrigger("inbound", Connection = "RelayStorage")] string body, CancellationToken cancellationToken) => Task.CompletedTask;

        [Function("alpha")]
        public Task<IResult> GetAsync([HttpTrigger(Anyone, "get", "put", Route = "/{a}/b")] HttpRequest request, string a) => Task.FromResult(Results.Ok());

        public Task NotAFunctionAsync(int anything) => Task.CompletedTask;
    }

    public sealed class NoTrigger
    {
        [Function("NoTrigger")]
        public Task RunAsync(string body) => Task.CompletedTask;
    }

    public sealed class TwoTriggers
    {
        [Function("TwoTriggers")]
        public Task RunAsync([QueueTrigger("outbound", Connection = "RelayStorage")] string body, [TimerTrigger("0 * * * * *")] TimerInfo timer) => Task.CompletedTask;
    }

    public sealed class SameName
    {
        [Function("Same")]
        public Task OneAsync([TimerTrigger("0 * * * * *")] TimerInfo timer) => Task.CompletedTask;

        [Function("same")]
        public Task TwoAsync([TimerTrigger("0 * * * * *")] TimerInfo timer) => Task.CompletedTask;
    }

    public sealed class SameQueue
    {
        [Function("First")]
        public Task OneAsync([QueueTrigger("outbound", Connection = "RelayStorage")] string body) => Task.CompletedTask;

        [Function("Second")]
        public Task TwoAsync([QueueTrigger("outbound", Connection = "RelayStorage")] string body) => Task.CompletedTask;
    }

    public sealed class BadName
    {
        [Function("9 lives")]
        public Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer) => Task.CompletedTask;
    }

    public sealed class StaticMethod
    {
        [Function("StaticMethod")]
        public static Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer) => Task.CompletedTask;
    }

    public sealed class HiddenMethod
    {
        [Function("HiddenMethod")]
        internal Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer) => Task.CompletedTask;
    }

    public sealed class HttpReturnsTask
    {
        [Function("HttpReturnsTask")]
        public Task RunAsync([HttpTrigger(Anyone)] HttpRequest request) => Task.CompletedTask;
    }

    public sealed class QueueReturnsText
    {
        [Function("QueueReturnsText")]
        public Task<string> RunAsync([QueueTrigger("outbound", Connection = "RelayStorage")] string body) => Task.FromResult(body);
    }

    public sealed class HttpTakesService
    {
        [Function("HttpTakesService")]
        public Task<IResult> RunAsync([HttpTrigger(Anyone)] HttpRequest request, IServiceProvider services) => Task.FromResult(Results.Ok());
    }

    public sealed class HttpTakesNumber
    {
        [Function("HttpTakesNumber")]
        public Task<IResult> RunAsync([HttpTrigger(Anyone, Route = "{id:int}")] HttpRequest request, int id) => Task.FromResult(Results.Ok());
    }

    public sealed class HttpTakesUnrouted
    {
        [Function("HttpTakesUnrouted")]
        public Task<IResult> RunAsync([HttpTrigger(Anyone, Route = "{id}")] HttpRequest request, string other) => Task.FromResult(Results.Ok());
    }

    public sealed class HttpOnString
    {
        [Function("HttpOnString")]
        public Task<IResult> RunAsync([HttpTrigger(Anyone)] string body) => Task.FromResult(Results.Ok());
    }

    public sealed class AdminRoute
    {
        [Function("AdminRoute")]
        public Task<IResult> RunAsync([HttpTrigger(Anyone, Route = "Administrators")] HttpRequest request) => Task.FromResult(Results.Ok());
    }

    public sealed class UnreadableRoute
    {
        [Function("UnreadableRoute")]
        public Task<IResult> RunAsync([HttpTrigger(Anyone, Route = "{id")] HttpRequest request) => Task.FromResult(Results.Ok());
    }

    public sealed class UnknownConstraint
    {
        [Function("UnknownConstraint")]
        public Task<IResult> RunAsync([HttpTrigger(Anyone, Route = "{id:nonsense}")] HttpRequest request) => Task.FromResult(Results.Ok());
    }

    public sealed class QueueTakesBytes
    {
        [Function("QueueTakesBytes")]
        public Task RunAsync([QueueTrigger("outbound", Connection = "RelayStorage")] byte[] body) => Task.CompletedTask;
    }

    public sealed class QueueWithoutConnection
    {
        [Function("QueueWithoutConnection")]
        public Task RunAsync([QueueTrigger("outbound")] string body) => Task.CompletedTask;
    }

    public sealed class QueueBadName
    {
        [Function("QueueBadName")]
        public Task RunAsync([QueueTrigger("Out_bound", Connection = "RelayStorage")] string body) => Task.CompletedTask;
    }

    public sealed class TimerBadSchedule
    {
        [Function("TimerBadSchedule")]
        public Task RunAsync([TimerTrigger("*/5 * * * *")] TimerInfo timer) => Task.CompletedTask;
    }

    public sealed class TimerTakesString
    {
        [Function("TimerTakesString")]
        public Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, string more) => Task.CompletedTask;
    }
}

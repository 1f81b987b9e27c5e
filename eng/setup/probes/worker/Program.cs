// One function of each kind: the worker SDK restores the host's side of an extension when, and only when, it is used.
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Build().Run();

internal sealed class ProbeFunctions
{
    [Function("Http")]
    public Task<IResult> HttpAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "probe")] HttpRequest request) =>
        Task.FromResult(Results.Ok(request.Path));

    [Function("Queue")]
    public Task QueueAsync([QueueTrigger("probe", Connection = "RelayStorage")] string body) => Task.FromResult(body);

    [Function("Timer")]
    public Task TimerAsync([TimerTrigger("0 0 * * * *")] TimerInfo timer) => Task.FromResult(timer);
}

using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Relay.Functions.Http;

/// <summary>A JSON answer of unknown length. A reader that gets no end knows that something is missing.</summary>
internal sealed class StreamedJson(Func<PipeWriter, CancellationToken, Task> write) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/json; charset=UTF-8";
        response.Headers.CacheControl = "private, no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers[TraceId.Header] = TraceId.Create().ToString();
        return write(response.BodyWriter, httpContext.RequestAborted);
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Relay.Shared.Primitives;

namespace Relay.LocalHost;

/// <summary>
/// Finds the function for a request by the Functions host's rule, which is not Kestrel's: routes are tried in the order
/// of the functions' names, and the first that takes path and verb wins, a literal or a catch-all alike. No match is 404
/// and an unhandled exception is 500, both without a body.
/// </summary>
internal sealed partial class HttpRouter(FunctionCatalog catalog, string prefix, FunctionInvoker invoker, Action<string, Exception>? onFault, ILogger<HttpRouter> logger)
{
    private static readonly PathString HostsOwn = "/admin";

    private readonly HttpRoute[] _routes = [.. catalog.Http.Select(function => new HttpRoute(function, prefix))];

    public async Task HandleAsync(HttpContext context)
    {
        var (function, values) = Find(context.Request);
        if (function is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        try
        {
            await invoker.InvokeHttpAsync(function, context, values);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; nobody is there to answer.
        }
        catch (BadHttpRequestException refused)
        {
            Fail(context, refused.StatusCode);
        }
        catch (Exception fault)
        {
            Log.Faulted(logger, new FunctionName(function.Name), FaultKind.Of(fault));
            onFault?.Invoke(function.Name, fault);
            Fail(context, StatusCodes.Status500InternalServerError);
        }
    }

    private (HttpFunction? Function, RouteValueDictionary Values) Find(HttpRequest request)
    {
        if (!request.Path.StartsWithSegments(HostsOwn, StringComparison.OrdinalIgnoreCase))
        {
            var values = new RouteValueDictionary();
            foreach (var route in _routes)
            {
                values.Clear();
                if (route.Takes(request.Method) && route.TryMatch(request.Path, values))
                {
                    return (route.Function, values);
                }
            }
        }

        return (null, []);
    }

    private static void Fail(HttpContext context, int statusCode)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        context.Response.StatusCode = statusCode;
    }

    private static partial class Log
    {
        [LoggerMessage(9001, LogLevel.Error, "Function {Function} failed with {Fault}.")]
        public static partial void Faulted(ILogger logger, FunctionName function, FaultKind fault);
    }
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Telemetry;

namespace Relay.Functions.Http;

/// <summary>The only place that turns a <see cref="GraphError"/> or an exception into a response, with a line in the log that bears its <c>fbtrace_id</c>. Exceptions are logged by type, never by message.</summary>
public sealed partial class GraphResults(ILogger<GraphResults> logger)
{
    public static IResult Ok<T>(T value, JsonTypeInfo<T> type) =>
        new GraphResponse(StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(value, type), TraceId.Create());

    public IResult Refuse(GraphError error)
    {
        TraceId trace = TraceId.Create();
        Log.Refused(logger, trace, error.Code.HttpStatus, error.Code.Code, error.Code.Subcode ?? 0);
        return Respond(error, trace);
    }

    /// <summary>A dependency that is away is 503 and worth a retry; all else is a fault of ours, 500.</summary>
    public IResult Fault(Exception exception)
    {
        TraceId trace = TraceId.Create();
        if (IsTransient(exception))
        {
            Log.DependencyAway(logger, trace, FaultKind.Of(exception));
            return Respond(GraphErrorCode.ServiceUnavailable.Because("A service that this request needs did not answer. Nothing was accepted; try again."), trace);
        }

        Log.RequestFailed(logger, trace, FaultKind.Of(exception));
        return Respond(GraphErrorCode.Unknown.Because("The request failed for a reason of the server's. Quote fbtrace_id to its operator."), trace);
    }

    /// <summary>Runs a request to its answer: who has gone away is told nothing, and an exception becomes its error.</summary>
    /// <param name="request">The request.</param>
    /// <param name="run">Ends when the host stops or the client goes.</param>
    /// <param name="cancellationToken">The host's.</param>
    public async Task<IResult> GuardAsync(HttpRequest request, Func<CancellationToken, Task<IResult>> run, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, request.HttpContext.RequestAborted);
        try
        {
            return await run(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ClientGone();
        }
        catch (Exception exception)
        {
            return Fault(exception);
        }
    }

    /// <summary>Nobody is left to read an answer.</summary>
    public static IResult ClientGone() => TypedResults.StatusCode(StatusCodes.Status499ClientClosedRequest);

    private static bool IsTransient(Exception exception) =>
        exception is HttpRequestException or TimeoutException or IOException or StorageFaultException or OperationCanceledException;

    private static GraphResponse Respond(GraphError error, TraceId trace)
    {
        RelayMetrics.Refused.Add(error.Code);
        return new GraphResponse(error.Code.HttpStatus, GraphErrorOutput.Write(error, trace.ToString()), trace, error.RetryAfter);
    }

    private static partial class Log
    {
        [LoggerMessage(101, LogLevel.Warning, "Request {Trace} met a dependency that did not answer: {Fault}.")]
        public static partial void DependencyAway(ILogger logger, TraceId trace, FaultKind fault);

        [LoggerMessage(103, LogLevel.Information, "Request {Trace} was refused: {Status}, code {Code}, subcode {Subcode}.")]
        public static partial void Refused(ILogger logger, TraceId trace, int status, int code, int subcode);

        [LoggerMessage(102, LogLevel.Error, "Request {Trace} failed: {Fault}.")]
        public static partial void RequestFailed(ILogger logger, TraceId trace, FaultKind fault);
    }
}

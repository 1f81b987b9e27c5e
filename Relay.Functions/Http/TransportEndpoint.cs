using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Relay.Shared.RoleCalls;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Functions.Http;

/// <summary>What every HTTP function of the transport does: who calls, a bounded body, the operation, an answer.</summary>
public sealed partial class TransportEndpoint(TransportCallers callers, TimeProvider time, ILogger<TransportEndpoint> logger)
{
    /// <summary>For anyone.</summary>
    public Task<IResult> RunAsync<TBody, TAnswer>(
        HttpRequest request,
        JsonTypeInfo<TBody> body,
        JsonTypeInfo<TAnswer> answer,
        Func<TBody, CancellationToken, Task<TransportResult<TAnswer>>> operation,
        CancellationToken cancellationToken)
        where TBody : class
        where TAnswer : class =>
        AnswerAsync(request, answer, token => WithBodyAsync(request, body, operation, token), cancellationToken);

    /// <summary>For who registers business numbers; the operation is told when the call was signed.</summary>
    public Task<IResult> RunRegistrarAsync<TBody, TAnswer>(
        HttpRequest request,
        JsonTypeInfo<TBody> body,
        JsonTypeInfo<TAnswer> answer,
        Func<TBody, DateTimeOffset, CancellationToken, Task<TransportResult<TAnswer>>> operation,
        CancellationToken cancellationToken)
        where TBody : class
        where TAnswer : class =>
        AnswerAsync(request, answer, token => SignedAsync(callers.Registrar, request, body, operation, token), cancellationToken);

    /// <summary>For the operator, whose key no relay has; the operation is told when the call was signed.</summary>
    public Task<IResult> RunOperatorAsync<TBody, TAnswer>(
        HttpRequest request,
        JsonTypeInfo<TBody> body,
        JsonTypeInfo<TAnswer> answer,
        Func<TBody, DateTimeOffset, CancellationToken, Task<TransportResult<TAnswer>>> operation,
        CancellationToken cancellationToken)
        where TBody : class
        where TAnswer : class =>
        AnswerAsync(request, answer, token => SignedAsync(callers.Operator, request, body, operation, token), cancellationToken);

    /// <summary>For a device, with a body.</summary>
    public Task<IResult> RunDeviceAsync<TBody, TAnswer>(
        HttpRequest request,
        JsonTypeInfo<TBody> body,
        JsonTypeInfo<TAnswer> answer,
        Func<AuthenticatedDevice, TBody, CancellationToken, Task<TransportResult<TAnswer>>> operation,
        CancellationToken cancellationToken)
        where TBody : class
        where TAnswer : class =>
        RunDeviceAsync(
            request, answer, (device, token) => WithBodyAsync(request, body, (parsed, inner) => operation(device, parsed, inner), token), cancellationToken);

    /// <summary>For a device, without a body.</summary>
    public Task<IResult> RunDeviceAsync<TAnswer>(
        HttpRequest request,
        JsonTypeInfo<TAnswer> answer,
        Func<AuthenticatedDevice, CancellationToken, Task<TransportResult<TAnswer>>> operation,
        CancellationToken cancellationToken)
        where TAnswer : class =>
        RunDeviceAsync(request, (TAnswer value) => Results.Json(value, answer), operation, cancellationToken);

    /// <summary>For a device, with an answer of another form than JSON.</summary>
    public Task<IResult> RunDeviceAsync<TAnswer>(
        HttpRequest request,
        Func<TAnswer, IResult> answer,
        Func<AuthenticatedDevice, CancellationToken, Task<TransportResult<TAnswer>>> operation,
        CancellationToken cancellationToken)
        where TAnswer : class =>
        AnswerAsync(
            request,
            answer,
            async token => await callers.FindDeviceAsync(request, token) is { } device ? await operation(device, token) : TransportAnswers.Unauthorized,
            cancellationToken);

    private async Task<TransportResult<TAnswer>> SignedAsync<TBody, TAnswer>(
        RoleCallGuard caller,
        HttpRequest request,
        JsonTypeInfo<TBody> type,
        Func<TBody, DateTimeOffset, CancellationToken, Task<TransportResult<TAnswer>>> operation,
        CancellationToken cancellationToken)
        where TBody : class
        where TAnswer : class
    {
        if (!TransportCallers.MayBe(caller, request))
        {
            return TransportAnswers.Unauthorized;
        }

        DateTimeOffset? signed = null;
        bool IsBelieved(ReadOnlyMemory<byte> bytes) => (signed = TransportCallers.Believe(caller, request, bytes.Span)) is not null;
        TransportResult<TBody> body = await TransportBody.ReadAsync(request, type, IsBelieved, time, cancellationToken);
        return body.IsSuccess && signed is { } at ? await operation(body.Value, at, cancellationToken) : body.Failure ?? TransportAnswers.Unauthorized;
    }

    private async Task<TransportResult<TAnswer>> WithBodyAsync<TBody, TAnswer>(
        HttpRequest request,
        JsonTypeInfo<TBody> type,
        Func<TBody, CancellationToken, Task<TransportResult<TAnswer>>> operation,
        CancellationToken cancellationToken)
        where TBody : class
        where TAnswer : class
    {
        TransportResult<TBody> body = await TransportBody.ReadAsync(request, type, static _ => true, time, cancellationToken);
        return body.IsSuccess ? await operation(body.Value, cancellationToken) : body.Failure;
    }

    private Task<IResult> AnswerAsync<TAnswer>(
        HttpRequest request, JsonTypeInfo<TAnswer> answer, Func<CancellationToken, Task<TransportResult<TAnswer>>> run, CancellationToken cancellationToken)
        where TAnswer : class =>
        AnswerAsync(request, value => Results.Json(value, answer), run, cancellationToken);

    /// <summary>Ends with the host or with the caller: the worker's token knows only the one, the request's only the other.</summary>
    private async Task<IResult> AnswerAsync<TAnswer>(
        HttpRequest request,
        Func<TAnswer, IResult> answer,
        Func<CancellationToken, Task<TransportResult<TAnswer>>> run,
        CancellationToken cancellationToken)
        where TAnswer : class
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, request.HttpContext.RequestAborted);
        try
        {
            return TransportAnswers.From(request, await run(either.Token), answer);
        }
        catch (StorageFaultException e)
        {
            Log.StorageFault(logger, e);
            return TransportAnswers.From<TAnswer>(request, TransportAnswers.Unavailable, answer);
        }
        catch (SealBrokenException e)
        {
            Log.SealBroken(logger, e);
            return TransportAnswers.From<TAnswer>(request, TransportAnswers.Unavailable, answer);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3101, LogLevel.Warning, "A call of the transport's API met a storage fault.")]
        public static partial void StorageFault(ILogger logger, StorageFaultException exception);

        [LoggerMessage(3102, LogLevel.Error, "A call of the transport's API met a broken seal.")]
        public static partial void SealBroken(ILogger logger, SealBrokenException exception);
    }
}

using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Relay.Shared.Accounts;
using Relay.Shared.Erasure;
using Relay.Shared.Graph;
using Relay.Shared.Idempotency;
using Relay.Shared.PhoneNumbers.Blocking;
using Relay.Shared.Primitives;

namespace Relay.Functions.Http;

/// <summary>
/// What every Graph request goes through, in this order: authorise, read the path, bound and parse the body, run, map. An
/// unauthorised caller's body is never read.
/// </summary>
public sealed class GraphEndpoint(IAuthorize authorize, GraphResults results, TimeProvider time)
{
    /// <summary>Runs an operation that takes a body.</summary>
    public Task<IResult> RunAsync<TRequest, TResponse>(
        HttpRequest request,
        string phoneNumberId,
        JsonTypeInfo<TRequest> requestType,
        Func<Caller, PhoneNumberId, TRequest, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class =>
        GuardAsync(
            request,
            phoneNumberId,
            async (caller, number, token) =>
                (await GraphRequestReader.ReadAsync(request, requestType, time, token)).TryGet(out TRequest? parsed, out GraphError? mistake)
                    ? await operation(caller, number, parsed, token)
                    : mistake,
            responseType,
            cancellationToken);

    /// <summary>Runs an operation that takes a body and may be named by an Idempotency-Key; a malformed key is told before the body is read.</summary>
    public Task<IResult> RunAsync<TRequest, TResponse>(
        HttpRequest request,
        string phoneNumberId,
        JsonTypeInfo<TRequest> requestType,
        Func<Caller, PhoneNumberId, TRequest, IdempotencyKey?, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class =>
        GuardAsync(
            request,
            phoneNumberId,
            async (caller, number, token) =>
            {
                if (!IdempotencyHeader.TryRead(request, out IdempotencyKey? key, out GraphError? malformed))
                {
                    return malformed;
                }

                return (await GraphRequestReader.ReadAsync(request, requestType, time, token)).TryGet(out TRequest? parsed, out GraphError? mistake)
                    ? await operation(caller, number, parsed, key, token)
                    : mistake;
            },
            responseType,
            cancellationToken);

    /// <summary>Runs an operation on many things, of which some may fail: then there is an error beside the result, and the status is that error's.</summary>
    public Task<IResult> RunPartlyAsync<TRequest>(
        HttpRequest request,
        string phoneNumberId,
        JsonTypeInfo<TRequest> requestType,
        Func<Caller, PhoneNumberId, TRequest, CancellationToken, Task<Result<BlockReply, GraphError>>> operation,
        CancellationToken cancellationToken)
        where TRequest : class =>
        GuardAsync(
            request,
            async (caller, token) =>
            {
                if (!PhoneNumberId.TryParse(phoneNumberId, out PhoneNumberId number))
                {
                    return UnknownObject;
                }

                return (await GraphRequestReader.ReadAsync(request, requestType, time, token)).TryGet(out TRequest? parsed, out GraphError? mistake)
                    ? await operation(caller, number, parsed, token)
                    : mistake;
            },
            BlockAnswer.From,
            cancellationToken);

    /// <summary>Runs an operation that takes no body.</summary>
    public Task<IResult> RunAsync<TResponse>(
        HttpRequest request,
        string phoneNumberId,
        Func<Caller, PhoneNumberId, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TResponse : class =>
        GuardAsync(request, phoneNumberId, operation, responseType, cancellationToken);

    /// <summary>Runs an operation that takes a body, on a node that isn't a phone number.</summary>
    public Task<IResult> RunAsync<TRequest, TResponse>(
        HttpRequest request,
        JsonTypeInfo<TRequest> requestType,
        Func<Caller, TRequest, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class =>
        GuardAsync(
            request,
            async (caller, token) =>
                (await GraphRequestReader.ReadAsync(request, requestType, time, token)).TryGet(out TRequest? parsed, out GraphError? mistake)
                    ? await operation(caller, parsed, token)
                    : mistake,
            responseType,
            cancellationToken);

    /// <summary>Runs an operation on a node that isn't a phone number; its body may be left out.</summary>
    public Task<IResult> RunOptionalAsync<TRequest, TResponse>(
        HttpRequest request,
        JsonTypeInfo<TRequest> requestType,
        TRequest whenEmpty,
        Func<Caller, TRequest, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class =>
        GuardAsync(
            request,
            async (caller, token) =>
                (await GraphRequestReader.ReadAsync(request, requestType, time, whenEmpty, token)).TryGet(out TRequest? parsed, out GraphError? mistake)
                    ? await operation(caller, parsed, token)
                    : mistake,
            responseType,
            cancellationToken);

    /// <summary>Runs an operation that takes no body, on a node that isn't a phone number.</summary>
    public Task<IResult> RunAsync<TResponse>(
        HttpRequest request,
        Func<Caller, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TResponse : class =>
        GuardAsync(request, operation, responseType, cancellationToken);

    /// <summary>Runs an operation whose answer is JSON that is written as it is read. What fails once it is on its way ends the connection.</summary>
    public Task<IResult> StreamAsync(
        HttpRequest request,
        Func<Caller, CancellationToken, Task<Result<ContactExport, GraphError>>> operation,
        CancellationToken cancellationToken) =>
        GuardAsync(request, operation, export => new StreamedJson(export.WriteAsync), cancellationToken);

    private Task<IResult> GuardAsync<TResponse>(
        HttpRequest request,
        string phoneNumberId,
        Func<Caller, PhoneNumberId, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TResponse : class =>
        GuardAsync(
            request,
            (caller, token) => PhoneNumberId.TryParse(phoneNumberId, out PhoneNumberId number)
                ? operation(caller, number, token)
                : Task.FromResult<Result<TResponse, GraphError>>(UnknownObject),
            responseType,
            cancellationToken);

    private Task<IResult> GuardAsync<TResponse>(
        HttpRequest request,
        Func<Caller, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TResponse : class =>
        GuardAsync(request, operation, response => GraphResults.Ok(response, responseType), cancellationToken);

    private Task<IResult> GuardAsync<TResponse>(
        HttpRequest request,
        Func<Caller, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        Func<TResponse, IResult> answer,
        CancellationToken cancellationToken)
        where TResponse : class =>
        results.GuardAsync(
            request,
            async token => (await AuthorisedAsync(request, operation, token)).TryGet(out TResponse? response, out GraphError? error) ? answer(response) : results.Refuse(error),
            cancellationToken);

    private async Task<Result<TResponse, GraphError>> AuthorisedAsync<TResponse>(
        HttpRequest request,
        Func<Caller, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        CancellationToken cancellationToken)
        where TResponse : class
    {
        Result<Caller, GraphError> authorised = await authorize.ExecuteAsync(AccessToken.Read(request), cancellationToken);
        return authorised.TryGet(out Caller? caller, out GraphError? refusal) ? await operation(caller, cancellationToken) : refusal;
    }

    private static GraphError UnknownObject => GraphErrorCode.UnknownObject.Because("No such object, or the access token doesn't reach it.");
}

using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Apps;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Functions.Http;

/// <summary>What requests with an app's access token go through, as <see cref="GraphEndpoint"/> for a system user's: authorise, bound and parse the body, run, map.</summary>
public sealed class AppEndpoint(AuthorizeApp authorize, GraphResults results, TimeProvider time)
{
    /// <summary>Whether the request bears a token of an app's form.</summary>
    internal static bool HasAppToken(HttpRequest request) => AccessToken.Read(request)?.Reveal().Contains('|', StringComparison.Ordinal) == true;

    /// <summary>Runs an operation that takes no body.</summary>
    public Task<IResult> RunAsync<TResponse>(
        HttpRequest request,
        Func<Business, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TResponse : class => GuardAsync(
            request,
            async token => (await authorize.ExecuteAsync(AccessToken.Read(request), token)).TryGet(out Business? app, out GraphError? refusal) ? await operation(app, token) : refusal,
            responseType,
            cancellationToken);

    /// <summary>Runs an operation that takes parameters.</summary>
    public Task<IResult> RunAsync<TRequest, TResponse>(
        HttpRequest request,
        JsonTypeInfo<TRequest> requestType,
        TRequest whenEmpty,
        Func<Business, TRequest, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class => RunAsync(
            request,
            async (app, token) =>
                (await GraphRequestReader.ReadAsync(request, requestType, time, whenEmpty, token)).TryGet(out TRequest? parsed, out GraphError? mistake)
                    ? await operation(app, parsed, token)
                    : mistake,
            responseType,
            cancellationToken);

    /// <summary>Runs an operation that takes parameters and finds out itself who asks.</summary>
    public Task<IResult> RunOpenAsync<TRequest, TResponse>(
        HttpRequest request,
        JsonTypeInfo<TRequest> requestType,
        TRequest whenEmpty,
        Func<Secret?, TRequest, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class => GuardAsync(
            request,
            async token =>
                (await GraphRequestReader.ReadAsync(request, requestType, time, whenEmpty, token)).TryGet(out TRequest? parsed, out GraphError? mistake)
                    ? await operation(AccessToken.Read(request), parsed, token)
                    : mistake,
            responseType,
            cancellationToken);

    private Task<IResult> GuardAsync<TResponse>(
        HttpRequest request, Func<CancellationToken, Task<Result<TResponse, GraphError>>> run, JsonTypeInfo<TResponse> responseType, CancellationToken cancellationToken)
        where TResponse : class => results.GuardAsync(
            request,
            async token => (await run(token)).TryGet(out TResponse? response, out GraphError? error) ? GraphResults.Ok(response, responseType) : results.Refuse(error),
            cancellationToken);
}

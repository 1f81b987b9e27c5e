using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Administration;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Functions.Http;

/// <summary>
/// What every request of the admin API goes through, in this order: who calls, whether they may, the body, the audit, the operation, and the Graph's error shape. The body of
/// who may not is never read.
/// </summary>
public sealed class AdminEndpoint(AuthenticateAdmin authenticate, Administer administer, GraphResults results, TimeProvider time)
{
    private static readonly AdminSuccess s_noBody = new();
    private static readonly BusinessId s_nobody = BusinessId.Parse("00");

    /// <summary>Whether a request bears the admin token: for a route that answers both an operator and a business.</summary>
    public bool Admits(HttpRequest request) => authenticate.IsOperator(AccessToken.Read(request));

    /// <summary>Runs an operation that takes a body, on no business.</summary>
    public Task<IResult> RunAsync<TRequest, TResponse>(
        AdminOperation what,
        HttpRequest request,
        JsonTypeInfo<TRequest> requestType,
        Func<TRequest, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class =>
        GuardAsync(what, request, null, token => ReadBodyAsync(request, requestType, token), (_, body, token) => operation(body, token), responseType, cancellationToken);

    /// <summary>Runs an operation that takes a body, on a business.</summary>
    public Task<IResult> RunAsync<TRequest, TResponse>(
        AdminOperation what,
        HttpRequest request,
        string businessId,
        JsonTypeInfo<TRequest> requestType,
        Func<BusinessId, TRequest, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class =>
        RunAsync(what, request, businessId, requestType, (_, business, body, token) => operation(business, body, token), responseType, cancellationToken);

    /// <summary>The same for an operation that depends on who calls.</summary>
    public Task<IResult> RunAsync<TRequest, TResponse>(
        AdminOperation what,
        HttpRequest request,
        string businessId,
        JsonTypeInfo<TRequest> requestType,
        Func<AdminCaller, BusinessId, TRequest, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class =>
        OnAsync(
            what, request, businessId, token => ReadBodyAsync(request, requestType, token), operation, responseType, cancellationToken);

    /// <summary>The same for one whose body may be left out.</summary>
    public Task<IResult> RunOptionalAsync<TRequest, TResponse>(
        AdminOperation what,
        HttpRequest request,
        string businessId,
        JsonTypeInfo<TRequest> requestType,
        TRequest whenEmpty,
        Func<BusinessId, TRequest, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class =>
        OnAsync(
            what,
            request,
            businessId,
            token => GraphRequestReader.ReadAsync(request, requestType, time, whenEmpty, token),
            (_, business, body, token) => operation(business, body, token),
            responseType,
            cancellationToken);

    /// <summary>Does something to a business, without a body.</summary>
    public Task<IResult> RunAsync(
        AdminOperation what,
        HttpRequest request,
        string businessId,
        Func<BusinessId, CancellationToken, Task<Result<AdminSuccess, GraphError>>> operation,
        CancellationToken cancellationToken) =>
        ReadAsync(what, request, businessId, operation, AdminJson.Default.AdminSuccess, cancellationToken);

    /// <summary>The same for an operation that depends on who calls.</summary>
    public Task<IResult> RunAsync(
        AdminOperation what,
        HttpRequest request,
        string businessId,
        Func<AdminCaller, BusinessId, CancellationToken, Task<Result<AdminSuccess, GraphError>>> operation,
        CancellationToken cancellationToken) =>
        OnAsync(
            what, request, businessId, NoBody, (caller, business, _, token) => operation(caller, business, token), AdminJson.Default.AdminSuccess, cancellationToken);

    /// <summary>Reads something that is no business's, or does something to it without a body.</summary>
    public Task<IResult> ReadAsync<TResponse>(
        AdminOperation what,
        HttpRequest request,
        Func<AdminCaller, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TResponse : class =>
        GuardAsync(what, request, null, NoBody, (caller, _, token) => operation(caller, token), responseType, cancellationToken);

    /// <summary>Reads something of a business.</summary>
    public Task<IResult> ReadAsync<TResponse>(
        AdminOperation what,
        HttpRequest request,
        string businessId,
        Func<BusinessId, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TResponse : class =>
        OnAsync(what, request, businessId, NoBody, (_, business, _, token) => operation(business, token), responseType, cancellationToken);

    private static Task<Result<AdminSuccess, GraphError>> NoBody(CancellationToken cancellationToken) => Task.FromResult<Result<AdminSuccess, GraphError>>(s_noBody);

    private Task<Result<TRequest, GraphError>> ReadBodyAsync<TRequest>(HttpRequest request, JsonTypeInfo<TRequest> type, CancellationToken cancellationToken)
        where TRequest : class => GraphRequestReader.ReadAsync(request, type, time, cancellationToken);

    private Task<IResult> OnAsync<TRequest, TResponse>(
        AdminOperation what,
        HttpRequest request,
        string businessId,
        Func<CancellationToken, Task<Result<TRequest, GraphError>>> read,
        Func<AdminCaller, BusinessId, TRequest, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        // What is no id is unknown like one that nobody has; no business is called that.
        bool isId = BusinessId.TryParse(businessId, out BusinessId business);
        return GuardAsync(
            what,
            request,
            isId ? business : s_nobody,
            read,
            (caller, body, token) => isId ? operation(caller, business, body, token) : Task.FromResult<Result<TResponse, GraphError>>(Administer.UnknownBusiness),
            responseType,
            cancellationToken);
    }

    private Task<IResult> GuardAsync<TRequest, TResponse>(
        AdminOperation what,
        HttpRequest request,
        BusinessId? business,
        Func<CancellationToken, Task<Result<TRequest, GraphError>>> read,
        Func<AdminCaller, TRequest, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class =>
        results.GuardAsync(
            request,
            async token =>
            {
                if (!(await authenticate.ExecuteAsync(AccessToken.Read(request, AccessToken.MaxAdminLength), token)).TryGet(out AdminCaller? caller, out GraphError? refusal))
                {
                    return results.Refuse(refusal);
                }

                if (await administer.JudgeAsync(caller, what, business, token) is { } denial)
                {
                    return results.Refuse(denial);
                }

                if (!(await read(token)).TryGet(out TRequest? body, out GraphError? mistake))
                {
                    return results.Refuse(mistake);
                }

                Result<TResponse, GraphError> result = await administer.ExecuteAsync(caller, what, business, stop => operation(caller, body, stop), token);
                return result.TryGet(out TResponse? response, out GraphError? error) ? GraphResults.Ok(response, responseType) : results.Refuse(error);
            },
            cancellationToken);
}

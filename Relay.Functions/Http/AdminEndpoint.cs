using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Functions.Http;

/// <summary>What every request of the admin API goes through: the admin credential first, then body, operation and the Graph's error shape.</summary>
public sealed class AdminEndpoint(AdminCredential credential, GraphResults results, TimeProvider time)
{
    /// <summary>Runs an operation that takes a body.</summary>
    public Task<IResult> RunAsync<TRequest, TResponse>(
        HttpRequest request,
        JsonTypeInfo<TRequest> requestType,
        Func<TRequest, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class =>
        GuardAsync(
            request,
            async () => (await GraphRequestReader.ReadAsync(request, requestType, time, cancellationToken)).TryGet(out TRequest? parsed, out GraphError? mistake)
                ? await operation(parsed, cancellationToken)
                : mistake,
            responseType,
            cancellationToken);

    /// <summary>Runs an operation on a business that takes a body.</summary>
    public Task<IResult> RunAsync<TRequest, TResponse>(
        HttpRequest request,
        string businessId,
        JsonTypeInfo<TRequest> requestType,
        Func<BusinessId, TRequest, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class =>
        BusinessId.TryParse(businessId, out BusinessId business)
            ? RunAsync(request, requestType, (parsed, token) => operation(business, parsed, token), responseType, cancellationToken)
            : GuardAsync<TResponse>(request, () => Task.FromResult<Result<TResponse, GraphError>>(UnknownBusiness), responseType, cancellationToken);

    /// <summary>Runs an operation on a business that takes no body.</summary>
    public Task<IResult> RunAsync(
        HttpRequest request,
        string businessId,
        Func<BusinessId, CancellationToken, Task<Result<AdminSuccess, GraphError>>> operation,
        CancellationToken cancellationToken) =>
        GuardAsync(
            request,
            () => BusinessId.TryParse(businessId, out BusinessId business)
                ? operation(business, cancellationToken)
                : Task.FromResult<Result<AdminSuccess, GraphError>>(UnknownBusiness),
            AdminJson.Default.AdminSuccess,
            cancellationToken);

    /// <summary>Whether a request bears the admin credential: for a route that answers both an operator and a business.</summary>
    public bool Admits(HttpRequest request) => credential.Admits(AccessToken.Read(request));

    /// <summary>Reads something that is no business's.</summary>
    public Task<IResult> ReadAsync<TResponse>(
        HttpRequest request,
        Func<CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TResponse : class =>
        GuardAsync(request, () => operation(cancellationToken), responseType, cancellationToken);

    /// <summary>Reads something of a business.</summary>
    public Task<IResult> ReadAsync<TResponse>(
        HttpRequest request,
        string businessId,
        Func<BusinessId, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TResponse : class =>
        GuardAsync(
            request,
            () => BusinessId.TryParse(businessId, out BusinessId business)
                ? operation(business, cancellationToken)
                : Task.FromResult<Result<TResponse, GraphError>>(UnknownBusiness),
            responseType,
            cancellationToken);

    private static GraphError UnknownBusiness => GraphErrorCode.UnknownObject.Because("There is no such business.");

    private async Task<IResult> GuardAsync<TResponse>(
        HttpRequest request, Func<Task<Result<TResponse, GraphError>>> operation, JsonTypeInfo<TResponse> responseType, CancellationToken cancellationToken)
        where TResponse : class
    {
        if (!Admits(request))
        {
            return results.Refuse(GraphErrorCode.InvalidToken.Because("The admin API takes its own credential: Authorization: Bearer and the admin token."));
        }

        try
        {
            Result<TResponse, GraphError> result = await operation();
            return result.TryGet(out TResponse? response, out GraphError? error) ? GraphResults.Ok(response, responseType) : results.Refuse(error);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return GraphResults.ClientGone();
        }
        catch (Exception exception)
        {
            return results.Fault(exception);
        }
    }
}

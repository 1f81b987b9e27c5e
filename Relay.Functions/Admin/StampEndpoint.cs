using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Relay.Functions.Http;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.RoleCalls;
using Relay.Shared.Stamps;

namespace Relay.Functions.Admin;

/// <summary>What another stamp's manager calls: believed by its signature, once by each instance and fresh, before the body is parsed; the operation is told when it was signed. Nobody's token opens it.</summary>
public sealed class StampEndpoint(StampOptions options, GraphResults results, TimeProvider time)
{
    private const int MaxBody = 16 * 1024;

    private readonly RoleCallGuard? _guard = options.Key is { } key ? new RoleCallGuard(new RoleKeys(key), time) : null;

    public Task<IResult> RunAsync<TRequest, TResponse>(
        HttpRequest request,
        string businessId,
        JsonTypeInfo<TRequest> requestType,
        Func<BusinessId, TRequest, DateTimeOffset, CancellationToken, Task<Result<TResponse, GraphError>>> operation,
        JsonTypeInfo<TResponse> responseType,
        CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class =>
        results.GuardAsync(
            request,
            async token => (await ReadAsync(request, requestType, token)) is not (var body, var signed)
                ? results.Refuse(StampClient.NotBelieved)
                : !BusinessId.TryParse(businessId, out BusinessId business)
                    ? results.Refuse(GraphErrorCode.UnknownObject.Because("There is no such business."))
                    : (await operation(business, body, signed, token)).TryGet(out TResponse? response, out GraphError? error) ? GraphResults.Ok(response, responseType) : results.Refuse(error),
            cancellationToken);

    /// <summary>Null is not to be believed.</summary>
    private async Task<(TRequest Body, DateTimeOffset Signed)?> ReadAsync<TRequest>(HttpRequest request, JsonTypeInfo<TRequest> type, CancellationToken cancellationToken)
        where TRequest : class
    {
        string? header = request.Headers[RoleSignature.Header];
        if (_guard?.MayBeGenuine(header) != true)
        {
            return null;
        }

        (BodyOutcome outcome, ReadOnlyMemory<byte> body) = await BoundedBody.ReadAsync(request, MaxBody, time, cancellationToken);
        RoleCall call = new(StampClient.ToManager, request.Method.ToUpperInvariant(), request.GetEncodedPathAndQuery());
        if (outcome != BodyOutcome.Complete || _guard.Believe(header, call, body.Span) is not { } signed)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(body.Span, type) is { } parsed ? (parsed, signed) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

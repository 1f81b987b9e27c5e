using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.PhoneNumbers.Registration;

namespace Relay.Functions.PhoneNumbers;

/// <summary>Puts a number into use and out of it. Any version, or none, means the same, but for what <c>register</c> takes up to v20.0.</summary>
public sealed class RegistrationFunctions(GraphEndpoint endpoint, RegisterAgain registerAgain)
{
    [Function("RegisterPhoneNumber")]
    public Task<IResult> RegisterAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/register")] HttpRequest request,
        string version,
        string phoneNumberId,
        CancellationToken cancellationToken) => RegisterCoreAsync(request, version, phoneNumberId, cancellationToken);

    [Function("RegisterPhoneNumberUnversioned")]
    public Task<IResult> RegisterUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{phoneNumberId:regex(^\d+$)}/register")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) => RegisterCoreAsync(request, null, phoneNumberId, cancellationToken);

    [Function("DeregisterPhoneNumber")]
    public Task<IResult> DeregisterAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/deregister")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(request, phoneNumberId, registerAgain.DeregisterAsync, GraphOutput.SuccessResponse, cancellationToken);

    [Function("DeregisterPhoneNumberUnversioned")]
    public Task<IResult> DeregisterUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{phoneNumberId:regex(^\d+$)}/deregister")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) => DeregisterAsync(request, phoneNumberId, cancellationToken);

    private Task<IResult> RegisterCoreAsync(HttpRequest request, string? version, string phoneNumberId, CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request,
            phoneNumberId,
            AccountJson.Default.RegisterRequest,
            (caller, number, parsed, token) => registerAgain.RegisterAsync(caller, number, version, parsed, token),
            GraphOutput.SuccessResponse,
            cancellationToken);
}

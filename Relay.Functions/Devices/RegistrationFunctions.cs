using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Functions.Devices;

/// <summary>The way to a credential, for a user's device by a code, for a business number by the key that registers; and the way back.</summary>
public sealed class RegistrationFunctions(
    TransportEndpoint endpoint, StartRegistration startRegistration, VerifyRegistration verifyRegistration, RegisterBusinessNumber registerBusinessNumber,
    ReleaseNumber releaseNumber)
{
    [Function("TransportStartRegistration")]
    public Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "transport/v1/registrations")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, TransportJson.Default.StartRegistrationRequest, TransportJson.Default.StartRegistrationResponse,
            startRegistration.ExecuteAsync, cancellationToken);

    [Function("TransportVerifyRegistration")]
    public Task<IResult> VerifyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "transport/v1/registrations/{registrationId}/verify")] HttpRequest request,
        string registrationId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, TransportJson.Default.VerifyRegistrationRequest, TransportJson.Default.DeviceCredentialResponse,
            (body, token) => verifyRegistration.ExecuteAsync(registrationId, body, token), cancellationToken);

    [Function("TransportRegisterBusinessNumber")]
    public Task<IResult> RegisterBusinessNumberAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "transport/v1/business-numbers")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.RunRegistrarAsync(
            request, TransportJson.Default.RegisterBusinessNumberRequest, TransportJson.Default.DeviceCredentialResponse,
            registerBusinessNumber.ExecuteAsync, cancellationToken);

    [Function("TransportReleaseNumber")]
    public Task<IResult> ReleaseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "transport/v1/registrations")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.RunDeviceAsync(request, TransportJson.Default.ReleaseNumberResponse, releaseNumber.ExecuteAsync, cancellationToken);
}

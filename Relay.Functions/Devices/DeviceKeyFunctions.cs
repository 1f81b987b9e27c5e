using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Transport.PreKeys;
using Relay.Shared.Transport.Wire;

namespace Relay.Functions.Devices;

/// <summary>The directory of public keys: a device's own stock, and what others may know of a number's device.</summary>
public sealed class DeviceKeyFunctions(
    TransportEndpoint endpoint, UploadKeys uploadKeys, CountKeys countKeys, TakeBundle takeBundle, FindIdentity findIdentity)
{
    [Function("TransportUploadKeys")]
    public Task<IResult> UploadAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "transport/v1/keys")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.RunDeviceAsync(
            request, TransportJson.Default.UploadKeysRequest, TransportJson.Default.KeyCountResponse,
            uploadKeys.ExecuteAsync, cancellationToken);

    [Function("TransportCountKeys")]
    public Task<IResult> CountAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "transport/v1/keys")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.RunDeviceAsync(request, TransportJson.Default.KeyCountResponse, countKeys.ExecuteAsync, cancellationToken);

    [Function("TransportTakeBundle")]
    public Task<IResult> TakeBundleAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "transport/v1/bundles")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.RunDeviceAsync(
            request, TransportJson.Default.DirectoryRequest, TransportJson.Default.BundleResponse,
            takeBundle.ExecuteAsync, cancellationToken);

    [Function("TransportFindIdentity")]
    public Task<IResult> FindIdentityAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "transport/v1/identities")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.RunDeviceAsync(
            request, TransportJson.Default.DirectoryRequest, TransportJson.Default.IdentityResponse,
            (_, body, token) => findIdentity.ExecuteAsync(body, token), cancellationToken);
}

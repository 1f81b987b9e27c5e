using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.PhoneNumbers.Encryption;

namespace Relay.Functions.PhoneNumbers;

/// <summary>A number's public key for what devices encrypt to the business itself. Any version, or none, means the same.</summary>
public sealed class EncryptionFunctions(GraphEndpoint endpoint, BusinessEncryption encryption)
{
    [Function("GetBusinessEncryption")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/whatsapp_business_encryption")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, phoneNumberId, (caller, number, token) => encryption.GetAsync(caller, number, request.Query["fields"].ToString(), token), AccountOutput.NodeList, cancellationToken);

    [Function("GetBusinessEncryptionUnversioned")]
    public Task<IResult> GetUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{phoneNumberId:regex(^\d+$)}/whatsapp_business_encryption")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) => GetAsync(request, phoneNumberId, cancellationToken);

    [Function("SetBusinessEncryption")]
    public Task<IResult> SetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/whatsapp_business_encryption")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(request, phoneNumberId, AccountJson.Default.EncryptionRequest, encryption.SetAsync, GraphOutput.SuccessResponse, cancellationToken);

    [Function("SetBusinessEncryptionUnversioned")]
    public Task<IResult> SetUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{phoneNumberId:regex(^\d+$)}/whatsapp_business_encryption")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) => SetAsync(request, phoneNumberId, cancellationToken);
}

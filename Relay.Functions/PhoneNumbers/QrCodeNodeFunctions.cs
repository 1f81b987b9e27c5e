using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.PhoneNumbers.QrCodes;

namespace Relay.Functions.PhoneNumbers;

/// <summary>One of a number's QR codes. Any version, or none, means the same.</summary>
public sealed class QrCodeNodeFunctions(GraphEndpoint endpoint, NumberQrCodes codes)
{
    [Function("GetQrCode")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/message_qrdls/{code}")] HttpRequest request,
        string phoneNumberId,
        string code,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, phoneNumberId, (caller, number, token) => codes.GetAsync(caller, number, code, request.Query["fields"].ToString(), token), AccountOutput.NodeList, cancellationToken);

    [Function("GetQrCodeUnversioned")]
    public Task<IResult> GetUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{phoneNumberId:regex(^\d+$)}/message_qrdls/{code}")] HttpRequest request,
        string phoneNumberId,
        string code,
        CancellationToken cancellationToken) => GetAsync(request, phoneNumberId, code, cancellationToken);

    [Function("DeleteQrCode")]
    public Task<IResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/message_qrdls/{code}")] HttpRequest request,
        string phoneNumberId,
        string code,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, phoneNumberId, (caller, number, token) => codes.DeleteAsync(caller, number, code, token), GraphOutput.SuccessResponse, cancellationToken);

    [Function("DeleteQrCodeUnversioned")]
    public Task<IResult> DeleteUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = @"{phoneNumberId:regex(^\d+$)}/message_qrdls/{code}")] HttpRequest request,
        string phoneNumberId,
        string code,
        CancellationToken cancellationToken) => DeleteAsync(request, phoneNumberId, code, cancellationToken);
}

using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.PhoneNumbers.QrCodes;

namespace Relay.Functions.PhoneNumbers;

/// <summary>A number's QR codes. Any version, or none, means the same.</summary>
public sealed class QrCodeFunctions(GraphEndpoint endpoint, NumberQrCodes codes)
{
    [Function("ListQrCodes")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/message_qrdls")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request,
            phoneNumberId,
            (caller, number, token) => codes.ListAsync(caller, number, request.Query["code"].ToString(), ListQuery.Read(request), token),
            AccountOutput.NodeList,
            cancellationToken);

    [Function("ListQrCodesUnversioned")]
    public Task<IResult> ListUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{phoneNumberId:regex(^\d+$)}/message_qrdls")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) => ListAsync(request, phoneNumberId, cancellationToken);

    [Function("SaveQrCode")]
    public Task<IResult> SaveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/message_qrdls")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(request, phoneNumberId, AccountJson.Default.QrCodeRequest, codes.SaveAsync, AccountOutput.Node, cancellationToken);

    [Function("SaveQrCodeUnversioned")]
    public Task<IResult> SaveUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{phoneNumberId:regex(^\d+$)}/message_qrdls")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) => SaveAsync(request, phoneNumberId, cancellationToken);
}

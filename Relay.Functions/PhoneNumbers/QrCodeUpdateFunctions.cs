using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.PhoneNumbers.QrCodes;

namespace Relay.Functions.PhoneNumbers;

/// <summary>Changes a QR code that the path names, as whatsapp-api-js does; the specification has the code in the body. Any version, or none, means the same.</summary>
public sealed class QrCodeUpdateFunctions(GraphEndpoint endpoint, NumberQrCodes codes)
{
    [Function("UpdateQrCode")]
    public Task<IResult> UpdateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/message_qrdls/{code}")] HttpRequest request,
        string phoneNumberId,
        string code,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request,
            phoneNumberId,
            AccountJson.Default.QrCodeRequest,
            (caller, number, parsed, token) => codes.SaveAsync(caller, number, parsed with { Code = code }, token),
            AccountOutput.Node,
            cancellationToken);

    [Function("UpdateQrCodeUnversioned")]
    public Task<IResult> UpdateUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{phoneNumberId:regex(^\d+$)}/message_qrdls/{code}")] HttpRequest request,
        string phoneNumberId,
        string code,
        CancellationToken cancellationToken) => UpdateAsync(request, phoneNumberId, code, cancellationToken);
}

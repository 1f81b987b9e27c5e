using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Transport.Attachments;
using Relay.Shared.Transport.Wire;

namespace Relay.Functions.Devices;

/// <summary>Encrypted files: in by anyone registered, out to anyone registered who knows the id.</summary>
public sealed class AttachmentFunctions(AttachmentEndpoint endpoint, PutAttachment putAttachment, OpenAttachment openAttachment)
{
    [Function("TransportPutAttachment")]
    public Task<IResult> PutAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "transport/v1/attachments")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.PutAsync(request, TransportJson.Default.AttachmentResponse, putAttachment.ExecuteAsync, cancellationToken);

    [Function("TransportGetAttachment")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "transport/v1/attachments/{attachmentId}")] HttpRequest request,
        string attachmentId,
        CancellationToken cancellationToken) =>
        endpoint.GetAsync(request, (device, token) => openAttachment.ExecuteAsync(device, attachmentId, token), cancellationToken);
}

using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Graph;
using Relay.Shared.Media;

namespace Relay.Functions.Media;

/// <summary>Files in and out, as they come. Any version, or none, means the same.</summary>
public sealed class MediaFunctions(GraphEndpoint endpoint, MediaEndpoint media, UploadMedia uploadMedia, DownloadMedia downloadMedia)
{
    [Function("UploadMedia")]
    public Task<IResult> UploadAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/media")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request,
            phoneNumberId,
            (caller, number, token) => media.UploadAsync(request, (parts, inner) => uploadMedia.ExecuteAsync(caller, number, parts, inner), token),
            GraphOutput.MediaIdReply,
            cancellationToken);

    [Function("UploadMediaUnversioned")]
    public Task<IResult> UploadUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{phoneNumberId:regex(^\d+$)}/media")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) => UploadAsync(request, phoneNumberId, cancellationToken);

    [Function("DownloadMedia")]
    public Task<IResult> DownloadAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = MediaUrls.Path)] HttpRequest request,
        CancellationToken cancellationToken) => media.DownloadAsync(request, downloadMedia.ExecuteAsync, cancellationToken);
}

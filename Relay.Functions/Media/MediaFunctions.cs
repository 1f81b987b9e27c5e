using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Graph;
using Relay.Shared.Media;

namespace Relay.Functions.Media;

/// <summary>Files in and out, as they come. Any version, or none, means the same.</summary>
public sealed class MediaFunctions(GraphEndpoint endpoint, MediaEndpoint downloads, UploadMedia uploadMedia, DownloadMedia downloadMedia, TimeProvider time)
{
    [Function("UploadMedia")]
    public Task<IResult> UploadAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/media")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request,
            phoneNumberId,
            (caller, number, token) => uploadMedia.ExecuteAsync(caller, number, UploadParts.ReadAsync(request, time, token), token),
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
        CancellationToken cancellationToken) => downloads.DownloadAsync(request, downloadMedia.ExecuteAsync, cancellationToken);
}

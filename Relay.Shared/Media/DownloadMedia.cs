using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Telemetry;

namespace Relay.Shared.Media;

/// <summary>
/// <c>GET</c> of an address that <see cref="ShowMedia"/> or a webhook has told: for whoever has the address, and for the business's token; in both cases for as long as the
/// address says.
/// </summary>
public sealed class DownloadMedia(FindMedia find, MediaBlobs blobs, MediaUrls urls)
{
    /// <param name="caller">By a token; null without one.</param>
    /// <param name="address">What the address says.</param>
    /// <param name="range">Which part is wanted; null for all.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Result<MediaDownload, GraphError>> ExecuteAsync(Caller? caller, MediaAddress address, ByteRange? range, CancellationToken cancellationToken)
    {
        BusinessId business;
        if (await urls.IsSignedAsync(address, cancellationToken) && BusinessId.TryParse(address.Business, out BusinessId signed))
        {
            business = signed;
        }
        else if (caller is not null)
        {
            if (FindMedia.Lacks(caller) is { } refusal)
            {
                return refusal;
            }

            business = caller.Business;
        }
        else
        {
            return GraphErrorCode.InvalidToken.Because("The address is not signed as it was told, and there is no access token: get a new one with GET /<media-id>.");
        }

        if (urls.IsOver(address))
        {
            return GraphErrorCode.MediaGone.Because("The address was good for five minutes: get a new one with GET /<media-id>.");
        }

        if (!(await find.ExecuteAsync(business, address.MediaId, cancellationToken)).TryGet(out FoundMedia? found, out _))
        {
            return Gone;
        }

        if (range is not { } part || !part.TryFind(found.File.Size, out long from, out long count))
        {
            (from, count) = (0, found.File.Size);
        }

        MediaFileReader? content = await blobs.OpenAsync(business, found.Row.Key.File, found.Row.Day, found.File.Size, from, cancellationToken);
        if (content is null)
        {
            return Gone;
        }

        RelayMetrics.MediaBytes.Add(MediaDirection.Downloaded, count);
        return new MediaDownload(content, found.File, from, count);
    }

    private static GraphError Gone => GraphErrorCode.MediaGone.Because("The file has expired or was deleted.");
}

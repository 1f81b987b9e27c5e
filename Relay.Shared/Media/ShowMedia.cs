using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Media;
using Relay.Shared.Primitives;

namespace Relay.Shared.Media;

/// <summary><c>GET {media-id}</c>: what a file is, and an address to download it from for five minutes. Needs the permission whatsapp_business_messaging.</summary>
public sealed class ShowMedia(FindMedia find, MediaUrls urls)
{
    /// <param name="caller">Who asks.</param>
    /// <param name="mediaId">The file.</param>
    /// <param name="number">If given, the number that the file must be of.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Result<MediaNode, GraphError>> ExecuteAsync(Caller caller, string mediaId, string? number, CancellationToken cancellationToken)
    {
        if (!(await find.ExecuteAsync(caller, mediaId, number, cancellationToken)).TryGet(out FoundMedia? found, out GraphError? error))
        {
            return error;
        }

        return new MediaNode
        {
            Url = await urls.CreateAsync(caller.Business, mediaId, cancellationToken),
            MimeType = found.File.MimeType,
            Sha256 = found.File.Sha256,
            FileSize = found.File.Size,
            Id = mediaId,
        };
    }
}

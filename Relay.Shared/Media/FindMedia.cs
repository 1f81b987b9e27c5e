using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Media;

/// <summary>Leads a caller's media id to the file: another business's, an expired, a deleted and a forged one are all unknown.</summary>
public sealed class FindMedia(MediaIds ids, MediaStore store, TimeProvider time)
{
    internal async Task<Result<FoundMedia, GraphError>> ExecuteAsync(BusinessId business, string mediaId, CancellationToken cancellationToken) =>
        await ids.ReadAsync(business, mediaId, cancellationToken) is { } locator && locator.ExpiresAt > time.GetUtcNow()
        && await store.FindAsync(MediaKey.Of(business, locator), cancellationToken) is { } row
        && await store.OpenAsync(row, cancellationToken) is { } file
            ? new FoundMedia(row, file)
            : Unknown;

    /// <summary>For who asks by an id: the permission, the file, and that it is of <paramref name="number"/> if one is given.</summary>
    internal async Task<Result<FoundMedia, GraphError>> ExecuteAsync(Caller caller, string mediaId, string? number, CancellationToken cancellationToken)
    {
        if (Lacks(caller) is { } refusal)
        {
            return refusal;
        }

        Result<FoundMedia, GraphError> result = await ExecuteAsync(caller.Business, mediaId, cancellationToken);
        return result.TryGet(out FoundMedia? found, out _) && !string.IsNullOrEmpty(number) && number != found.File.Number ? Unknown : result;
    }

    /// <summary>Whether a caller may handle files.</summary>
    internal static GraphError? Lacks(Caller caller) => caller.Lacks(AccessScopes.Messaging);

    private static GraphError Unknown => GraphErrorCode.UnknownObject.Because(
        "There is no media of that id: it has expired, was deleted, or is not of the access token's business.");
}

internal sealed record FoundMedia(MediaRow Row, MediaFile File)
{
    public override string ToString() => nameof(FoundMedia);
}

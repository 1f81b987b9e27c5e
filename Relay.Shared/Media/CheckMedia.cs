using Relay.Shared.Accounts;
using Relay.Shared.Graph;

namespace Relay.Shared.Media;

/// <summary>Whether a media id can be sent as a kind, for who accepts a message: from what the id itself says, without a look at storage.</summary>
public sealed class CheckMedia(MediaIds ids, TimeProvider time)
{
    /// <summary>Null when it can; that the file is still there is seen when the message is made ready for the device.</summary>
    public async ValueTask<GraphError?> ExecuteAsync(BusinessNumber number, MediaKind kind, string mediaId, CancellationToken cancellationToken) =>
        await ids.ReadAsync(number.Business, mediaId, cancellationToken) switch
        {
            null => MediaErrors.UnknownId(kind),
            { ExpiresAt: var end } when end <= time.GetUtcNow() => MediaErrors.ExpiredId(kind),
            { } locator when !locator.CanBe(kind) => MediaErrors.WrongKind(kind, locator.Type),
            _ => null,
        };
}

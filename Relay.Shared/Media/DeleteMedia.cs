using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;

namespace Relay.Shared.Media;

/// <summary><c>DELETE {media-id}</c>: ends a file before its time. Messages that were accepted with it and are not sent yet fail. Needs the permission whatsapp_business_messaging.</summary>
public sealed class DeleteMedia(FindMedia find, RemoveFiles remove)
{
    public async Task<Result<SuccessResponse, GraphError>> ExecuteAsync(Caller caller, string mediaId, string? number, CancellationToken cancellationToken)
    {
        if (!(await find.ExecuteAsync(caller, mediaId, number, cancellationToken)).TryGet(out FoundMedia? found, out GraphError? error))
        {
            return error;
        }

        await remove.ExecuteAsync(found.Row, cancellationToken);
        return new SuccessResponse();
    }
}

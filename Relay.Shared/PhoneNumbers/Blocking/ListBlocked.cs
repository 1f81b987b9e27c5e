using System.Text.Json.Nodes;
using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Paging;
using Relay.Shared.Primitives;

namespace Relay.Shared.PhoneNumbers.Blocking;

/// <summary>
/// <c>GET …/block_users</c>: whom a number blocks, page by page. A number that was neither blocked nor heard of for 29 days can't be shown any more; the block
/// holds all the same, so a page may have fewer users than it might.
/// </summary>
public sealed class ListBlocked(AccountDirectory accounts, BlockStore store, ListPages pages)
{
    public async Task<Result<NodeList, GraphError>> ExecuteAsync(Caller caller, PhoneNumberId id, ListRequest request, CancellationToken cancellationToken)
    {
        if ((await accounts.FindNumberAsync(caller, id, AccessScopes.Messaging, cancellationToken)).Error is { } refusal)
        {
            return refusal;
        }

        if (!request.Read().TryGet(out ListPosition? position, out GraphError? mistake))
        {
            return mistake;
        }

        BlockPage page = await store.ListAsync(caller.Business, id, position, cancellationToken);
        JsonObject[] data =
        [
            .. page.Users.Select(one => one.User).OfType<PhoneNumber>().Select(user => new JsonObject { ["messaging_product"] = "whatsapp", ["wa_id"] = user.Digits }),
        ];
        return new NodeList(data, pages.Of(request, [.. page.Users.Select(one => one.Name)], page.HasPrevious, page.HasNext));
    }
}

using System.Text.Json.Nodes;
using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Fields;
using Relay.Shared.Graph.Paging;
using Relay.Shared.Primitives;

namespace Relay.Shared.PhoneNumbers.Nodes;

/// <summary><c>GET {waba-id}/phone_numbers</c>: the account's numbers by id, page by page.</summary>
public sealed class ListNumbers(AccountDirectory accounts, NumberStore numbers, ShowNumber showNumber, ListPages pages)
{
    public async Task<Result<NodeList, GraphError>> ExecuteAsync(Caller caller, string wabaId, ListRequest request, CancellationToken cancellationToken)
    {
        if ((await accounts.FindAccountAsync(caller, wabaId, AccessScopes.Management, cancellationToken)).Error is { } refusal)
        {
            return refusal;
        }

        if (!NumberView.View.Select(request.Fields).TryGet(out FieldSelection? selection, out GraphError? mistake)
            || !request.Read().TryGet(out ListPosition? position, out mistake))
        {
            return mistake;
        }

        (IReadOnlyList<BusinessNumber> found, bool hasPrevious, bool hasNext) = await numbers.ListAsync(caller.Business, position, cancellationToken);
        List<JsonObject> data = [];
        foreach (BusinessNumber number in found)
        {
            data.Add(await showNumber.ShowAsync(number, selection, cancellationToken));
        }

        return new NodeList(data, pages.Of(request, [.. found.Select(number => number.Id.Value)], hasPrevious, hasNext));
    }
}

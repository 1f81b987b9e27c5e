using Relay.Shared.Graph.History;
using Relay.Shared.Graph.Paging;

namespace Relay.Shared.Accounts;

/// <summary>Says how to go on from a page of a list: its cursors, and the addresses of the pages around it. Never an access token.</summary>
public sealed class ListPages(RelayAddresses addresses)
{
    /// <param name="request">What was asked.</param>
    /// <param name="keys">The keys of the page's items.</param>
    /// <param name="hasPrevious">Whether there is a page before.</param>
    /// <param name="hasNext">Whether there is a page after.</param>
    internal GraphPaging? Of(ListRequest request, IReadOnlyList<string> keys, bool hasPrevious, bool hasNext)
    {
        if (keys is not [var first, ..] || keys is not [.., var last])
        {
            return null;
        }

        GraphCursors cursors = new(ListRequest.Encode(first), ListRequest.Encode(last));
        return new GraphPaging
        {
            Cursors = cursors,
            Previous = hasPrevious ? Address(request, "before", cursors.Before) : null,
            Next = hasNext ? Address(request, "after", cursors.After) : null,
        };
    }

    private string Address(ListRequest request, string name, string? cursor)
    {
        IEnumerable<KeyValuePair<string, string>> parameters =
        [
            new("fields", request.Fields), new("limit", request.Limit), .. request.Others, new(name, cursor ?? string.Empty),
        ];
        IEnumerable<string> query = parameters.Where(one => one.Value.Length > 0).Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value)}");
        return $"{addresses.PublicBase.AbsoluteUri.TrimEnd('/')}{request.Path}?{string.Join('&', query)}";
    }
}

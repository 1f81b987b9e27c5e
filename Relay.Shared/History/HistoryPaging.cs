using Relay.Shared.Accounts;
using Relay.Shared.Graph.History;

namespace Relay.Shared.History;

/// <summary>Says how to go on from a page: cursors, and the addresses of the pages around it. Never an access token.</summary>
public sealed class HistoryPaging(RelayAddresses addresses)
{
    /// <param name="request">What was asked.</param>
    /// <param name="before">Leads to the page before; null where there is none.</param>
    /// <param name="after">Leads to the page after.</param>
    /// <param name="hasPrevious">Whether there is a page before.</param>
    /// <param name="hasNext">Whether there may be a page after.</param>
    internal GraphPaging? Of(HistoryRequest request, string? before, string? after, bool hasPrevious, bool hasNext) => before is null && after is null
        ? null
        : new GraphPaging
        {
            Cursors = new GraphCursors(before, after),
            Previous = hasPrevious ? Address(request, "before", before) : null,
            Next = hasNext ? Address(request, "after", after) : null,
        };

    private string? Address(HistoryRequest request, string name, string? cursor)
    {
        if (cursor is null)
        {
            return null;
        }

        (string Name, string Value)[] parameters =
        [
            ("message_id", request.MessageId), ("status_filter", request.StatusFilter), ("fields", request.Fields), ("limit", request.Limit), (name, cursor),
        ];
        IEnumerable<string> query = parameters.Where(one => one.Value.Length > 0).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value)}");
        return $"{addresses.PublicBase.AbsoluteUri.TrimEnd('/')}{request.Path}?{string.Join('&', query)}";
    }
}

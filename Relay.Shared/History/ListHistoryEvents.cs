using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Fields;
using Relay.Shared.Graph.History;
using Relay.Shared.Primitives;

namespace Relay.Shared.History;

/// <summary><c>GET /{version}/{message-history-id}/events</c>: the events of one message, oldest first. Two storage transactions.</summary>
public sealed class ListHistoryEvents(
    HistoryAccess access, HistoryIds historyIds, HistoryMessages messages, HistoryEvents events, HistoryCursors cursors, HistoryPaging paging)
{
    private static readonly string[] Statuses = [HistoryEvent.Sent, HistoryEvent.Delivered, HistoryEvent.Read, HistoryEvent.Failed, "DELETED"];

    public async Task<Result<MessageHistoryEventsResponse, GraphError>> ExecuteAsync(
        Caller caller, string historyId, HistoryRequest request, CancellationToken cancellationToken)
    {
        if (await historyIds.ReadAsync(caller.Business, historyId, cancellationToken) is not { } place)
        {
            return AccountDirectory.UnknownNode;
        }

        if (!(await access.CheckAsync(caller, place.Number, cancellationToken)).TryGet(out Business? business, out GraphError? error)
            || !request.ReadLimit().TryGet(out PageSize size, out error)
            || !FieldSelection.Parse(request.Fields, HistoryFields.Edges).TryGet(out FieldSelection? fields, out error))
        {
            return error;
        }

        if (request.StatusFilter.Length > 0 && !Statuses.Contains(request.StatusFilter, StringComparer.Ordinal))
        {
            return GraphErrorCode.InvalidParameter.Because($"status_filter must be one of {string.Join(", ", Statuses)}.");
        }

        ConversationKey key = new(business.Id, place.Message.Conversation);
        return await messages.FindAsync(key, place.Message, cancellationToken) is { } message
            ? await PageAsync(new HistoryView(business, place.Number, fields), message, historyId, request, size, cancellationToken)
            : AccountDirectory.UnknownNode;
    }

    private async Task<Result<MessageHistoryEventsResponse, GraphError>> PageAsync(
        HistoryView view, HistoryMessage message, string historyId, HistoryRequest request, PageSize size, CancellationToken cancellationToken)
    {
        HistoryEvent[] all = [.. (await events.ListAsync(view.Number, message, cancellationToken))
            .Where(one => request.StatusFilter.Length == 0 || one.Status == request.StatusFilter)];
        string context = $"events/{historyId}";
        bool goesBack = request.Before.Length > 0;
        string given = goesBack ? request.Before : request.After;
        string? position = given.Length == 0 ? null : await cursors.ReadAsync(view.Business.Id, context, given, cancellationToken);
        if ((given.Length > 0 && position is null) || (goesBack && request.After.Length > 0))
        {
            return HistoryRequest.BadCursor;
        }

        HistoryEvent[] page = position switch
        {
            null => [.. all.Take(size.Entries)],
            _ when goesBack => [.. all.Where(one => string.CompareOrdinal(one.Position, position) < 0).TakeLast(size.Entries)],
            _ => [.. all.Where(one => string.CompareOrdinal(one.Position, position) > 0).Take(size.Entries)],
        };
        List<MessageHistoryEventsEdge> edges = [];
        List<string> marks = [];
        foreach (HistoryEvent one in page)
        {
            marks.Add(await cursors.CreateAsync(view.Business.Id, context, one.Position, cancellationToken));
            edges.Add(new MessageHistoryEventsEdge
            {
                Cursor = view.Fields.Has("cursor") ? marks[^1] : null,
                Node = view.Fields.Of("node") is { } chosen ? HistoryFields.ChooseNode(chosen, one, view.Business) : null,
            });
        }

        bool hasPrevious = page.Length > 0 && page[0] != all[0];
        bool hasNext = page.Length > 0 && page[^1] != all[^1];
        return new MessageHistoryEventsResponse(edges, paging.Of(request, marks.FirstOrDefault(), marks.LastOrDefault(), hasPrevious, hasNext));
    }
}

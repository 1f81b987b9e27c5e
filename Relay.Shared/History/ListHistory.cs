using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Walking;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Fields;
using Relay.Shared.Graph.History;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.History;

/// <summary>
/// <c>GET /{version}/{phone-number-id}/message_history</c>: the messages of a number, newest day first and within a day as they lie in storage.
/// A page costs a bounded number of storage transactions and may be short for that; paging on ends, meets everything that was there at its
/// start and nothing twice.
/// </summary>
public sealed class ListHistory(
    HistoryAccess access, ConversationWalks walks, HistoryMessages messages, HistoryEntries entries, HistoryCursors cursors, HistoryPaging paging, TimeProvider time)
{
    private const int Transactions = 600;

    public async Task<Result<MessageHistoryResponse, GraphError>> ExecuteAsync(
        Caller caller, PhoneNumberId number, HistoryRequest request, CancellationToken cancellationToken)
    {
        if (!(await access.CheckAsync(caller, number, cancellationToken)).TryGet(out Business? business, out GraphError? error)
            || !request.ReadLimit().TryGet(out PageSize size, out error)
            || !FieldSelection.Parse(request.Fields, HistoryFields.Entries).TryGet(out FieldSelection? fields, out error))
        {
            return error;
        }

        HistoryView view = new(business, number, fields);
        return request.MessageId.Length > 0
            ? await FindAsync(view, request, cancellationToken)
            : await PageAsync(view, request, size, cancellationToken);
    }

    private async Task<Result<MessageHistoryResponse, GraphError>> FindAsync(HistoryView view, HistoryRequest request, CancellationToken cancellationToken)
    {
        if (await messages.LocateAsync(view.Business.Id, view.Number, request.MessageId, cancellationToken) is not { } locator)
        {
            return HistoryAccess.Unknown;
        }

        return await messages.FindAsync(new ConversationKey(view.Business.Id, locator.Conversation), locator, cancellationToken) is { } message
            ? new MessageHistoryResponse([await entries.BuildAsync(view, message, cancellationToken)], null)
            : new MessageHistoryResponse([], null);
    }

    private async Task<Result<MessageHistoryResponse, GraphError>> PageAsync(
        HistoryView view, HistoryRequest request, PageSize size, CancellationToken cancellationToken)
    {
        UtcDay today = UtcDay.Today(time);
        WalkPosition from = WalkPosition.StartOf(today);
        if (request.Before.Length > 0 || (request.After.Length > 0
            && !WalkPosition.TryParse(await cursors.ReadAsync(view.Business.Id, Context(view), request.After, cancellationToken), out from)))
        {
            return HistoryRequest.BadCursor;
        }

        WalkPlan plan = new()
        {
            Business = view.Business.Id,
            Number = view.Number,
            LastDay = Retention.FirstLiveDay(today),
            Step = -1,
            Kinds = HistoryMessage.Kinds,
            Wants = HistoryMessage.IsMessageOf,
        };
        WalkBudget budget = new(Transactions);
        ConversationWalk walk = walks.Start(plan, from, budget);
        (List<MessageHistoryEntry> data, WalkPosition end, bool hasNext) = await CollectAsync(view, walk, size, budget, cancellationToken);
        string? after = data.Count > 0 || hasNext ? await cursors.CreateAsync(view.Business.Id, Context(view), end.Encode(), cancellationToken) : null;
        return new MessageHistoryResponse(data, paging.Of(request, null, after, false, hasNext));
    }

    private async Task<(List<MessageHistoryEntry> Data, WalkPosition End, bool HasNext)> CollectAsync(
        HistoryView view, ConversationWalk walk, PageSize size, WalkBudget budget, CancellationToken cancellationToken)
    {
        List<MessageHistoryEntry> data = [];
        WalkPosition end = walk.Position;
        while (data.Count < size.Entries && await walk.NextAsync(cancellationToken) is { } row)
        {
            if (view.ShowsEvents && !budget.TryTake() && data.Count > 0)
            {
                return (data, end, true);
            }

            if (HistoryMessage.Of(row.Key, row.Row) is { } message)
            {
                data.Add(await entries.BuildAsync(view, message, cancellationToken));
            }

            end = walk.Position;
        }

        if (data.Count < size.Entries)
        {
            return (data, walk.Position, !walk.IsDone);
        }

        return (data, end, await walk.NextAsync(cancellationToken) is not null || !walk.IsDone);
    }

    private static string Context(HistoryView view) => $"message_history/{view.Number.Value}";
}

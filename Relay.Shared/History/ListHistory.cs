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
            return AccountDirectory.UnknownNode;
        }

        return await messages.FindAsync(new ConversationKey(view.Business.Id, locator.Conversation), locator, cancellationToken) is { } message
            ? new MessageHistoryResponse([await entries.BuildAsync(view, message, cancellationToken)], null)
            : new MessageHistoryResponse([], null);
    }

    private async Task<Result<MessageHistoryResponse, GraphError>> PageAsync(
        HistoryView view, HistoryRequest request, PageSize size, CancellationToken cancellationToken)
    {
        UtcDay today = UtcDay.Today(time);
        bool goesBack = request.Before.Length > 0;
        string given = goesBack ? request.Before : request.After;
        WalkPosition from = WalkPosition.StartOf(today);
        if ((goesBack && request.After.Length > 0) || (given.Length > 0
            && !WalkPosition.TryParse(await cursors.ReadAsync(view.Business.Id, Context(view), given, cancellationToken), out from)))
        {
            return HistoryRequest.BadCursor;
        }

        WalkPlan plan = new()
        {
            Business = view.Business.Id,
            Number = view.Number,
            LastDay = goesBack ? today : Retention.FirstLiveDay(today),
            Step = goesBack ? 1 : -1,
            Kinds = HistoryMessage.Kinds,
            Wants = HistoryMessage.IsMessageOf,
        };
        WalkBudget budget = new(Transactions);
        HistoryPage page = await CollectAsync(view, goesBack ? walks.Back(plan, from, budget) : walks.Start(plan, from, budget), size, budget, cancellationToken);
        if (goesBack)
        {
            page.Reverse();
        }

        bool hasPrevious = goesBack ? page.HasMore : given.Length > 0;
        bool hasNext = goesBack || page.HasMore;
        bool isEnd = page.Entries.Count == 0 && !page.HasMore;
        string? before = isEnd ? null : await cursors.CreateAsync(view.Business.Id, Context(view), page.First.Encode(), cancellationToken);
        string? after = isEnd ? null : await cursors.CreateAsync(view.Business.Id, Context(view), page.Last.Encode(), cancellationToken);
        return new MessageHistoryResponse(page.Entries, paging.Of(request, before, after, hasPrevious, hasNext));
    }

    private async Task<HistoryPage> CollectAsync(
        HistoryView view, ConversationWalk walk, PageSize size, WalkBudget budget, CancellationToken cancellationToken)
    {
        HistoryPage page = new(walk.Position);
        while (page.Entries.Count < size.Entries)
        {
            if (await walk.NextAsync(cancellationToken) is not { } row)
            {
                page.End(walk.Position, !walk.IsDone);
                return page;
            }

            if (view.ShowsEvents && !budget.TryTake() && page.Entries.Count > 0)
            {
                page.HasMore = true;
                return page;
            }

            if (HistoryMessage.Of(row.Key, row.Row) is { } message)
            {
                page.Add(await entries.BuildAsync(view, message, cancellationToken), walk.Position);
            }
        }

        page.HasMore = await walk.NextAsync(cancellationToken) is not null || !walk.IsDone;
        return page;
    }

    private static string Context(HistoryView view) => $"message_history/{view.Number.Value}";
}

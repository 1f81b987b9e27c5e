using Relay.Shared.Accounts;
using Relay.Shared.Graph.Fields;
using Relay.Shared.Graph.History;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;

namespace Relay.Shared.History;

/// <summary>Writes entries of the history as they were asked for.</summary>
public sealed class HistoryEntries(HistoryIds historyIds, MessageIds messageIds, HistoryEvents events)
{
    internal async Task<MessageHistoryEntry> BuildAsync(HistoryView view, HistoryMessage message, CancellationToken cancellationToken)
    {
        BusinessId business = view.Business.Id;
        return new MessageHistoryEntry
        {
            Id = await historyIds.CreateAsync(business, new HistoryPlace(view.Number, message.Locator), cancellationToken),
            MessageId = view.Fields.Has("message_id") ? await messageIds.CreateAsync(business, view.Number, message.Locator, cancellationToken) : null,
            Events = view.Fields.Of("events") is { } chosen ? await EventsAsync(view, message, chosen, cancellationToken) : null,
        };
    }

    private async Task<MessageEvents> EventsAsync(HistoryView view, HistoryMessage message, FieldSelection chosen, CancellationToken cancellationToken)
    {
        IReadOnlyList<HistoryEvent> all = await events.ListAsync(view.Number, message, cancellationToken);
        return new MessageEvents([.. all.Select(one => HistoryFields.Choose(chosen, one, view.Business))], null);
    }
}

/// <summary>Whose history is shown, and what of it.</summary>
internal sealed record HistoryView(Business Business, PhoneNumberId Number, FieldSelection Fields)
{
    internal bool ShowsEvents => Fields.Has("events");
}

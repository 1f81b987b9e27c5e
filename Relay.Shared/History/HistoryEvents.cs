using System.Globalization;
using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Webhooks;

namespace Relay.Shared.History;

/// <summary>
/// The events of a message, oldest first: each of its statuses for each subscriber that was or is to be told. A user's message has one status,
/// DELIVERED: it reached the business's number.
/// </summary>
public sealed class HistoryEvents(ConversationStore conversations, AccountDirectory accounts)
{
    private const int MaxRows = 16;

    internal async Task<IReadOnlyList<HistoryEvent>> ListAsync(PhoneNumberId number, HistoryMessage message, CancellationToken cancellationToken)
    {
        bool isOwn = message.Locator.Direction == MessageDirection.FromBusiness;
        IReadOnlyList<WebhookState> rows = isOwn
            ? await conversations.ListStatusesAsync(message.Key, message.Locator.Message, MaxRows, cancellationToken)
            : [WebhookRow.ReadState(message.Row)];
        WebhookTopic topic = new(number, "messages", isOwn ? "statuses" : "messages");
        List<HistoryEvent> events = [];
        foreach (WebhookState row in rows)
        {
            events.AddRange(Of(message.Key, row, await accounts.FindSubscribersAsync(message.Key.Business, topic, row.At, [.. row.States.Keys], cancellationToken)));
        }

        return [.. events.OrderBy(one => one.Position, StringComparer.Ordinal)];
    }

    private static IEnumerable<HistoryEvent> Of(ConversationKey key, WebhookState row, IReadOnlyList<Subscription> wanted)
    {
        Dictionary<SubscriberId, TellState?> states = row.States.ToDictionary(one => one.Key, one => (TellState?)one.Value);
        foreach (Subscription open in wanted.Where(one => row.IsPending && TellLedger.StateOf(row.States, one.Id) is null))
        {
            states[open.Id] = null;
        }

        if (states.Count == 0)
        {
            // Nobody to tell; or told by a version that knew one subscriber and kept no state of it.
            yield return Of(key, row, null, row.IsPending ? null : TellState.Told, null);
        }

        foreach ((SubscriberId id, TellState? state) in states)
        {
            yield return Of(key, row, id, state, wanted.FirstOrDefault(one => one.Id == id)?.Callback);
        }
    }

    private static HistoryEvent Of(ConversationKey key, WebhookState row, SubscriberId? subscriber, TellState? state, Uri? callback)
    {
        (int rank, string status) = WebhookRow.ParseStatus(row.RowKey)?.State switch
        {
            OutboundState.Sent => (1, HistoryEvent.Sent),
            OutboundState.Read => (3, HistoryEvent.Read),
            OutboundState.Played => (4, HistoryEvent.Played),
            OutboundState.Failed => (5, HistoryEvent.Failed),
            _ => (2, HistoryEvent.Delivered),
        };
        return new HistoryEvent
        {
            Id = HistoryIds.OfEvent(key, row.RowKey, subscriber),
            Position = string.Create(CultureInfo.InvariantCulture, $"{row.At.ToUnixTimeMilliseconds():D14}-{rank}-{subscriber?.Value}"),
            Status = status,
            At = row.At,
            UpdateState = state switch
            {
                TellState.Told => "DELIVERED",
                TellState.Queued => "RETRYING",
                TellState.GivenUp => "FAILED",
                _ => "PENDING",
            },
            Callback = callback,
            Error = Describe(row.ErrorCode) ?? (state == TellState.GivenUp ? "The webhook was given up: its endpoint didn't answer with 2xx, or is disabled." : null),
        };
    }

    private static string? Describe(int? code) =>
        code is null ? null : GraphErrorCode.All.FirstOrDefault(one => one.Code == code)?.Message ?? $"(#{code})";
}

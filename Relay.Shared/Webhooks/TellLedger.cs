using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Primitives;

namespace Relay.Shared.Webhooks;

/// <summary>
/// Keeps how far each subscriber has been told a row. A row is done with when every subscriber that wants it was told or was given up, and its
/// payload goes only when every one was told. A mark is never lost: what depends on other marks is written against the row as it was read, and
/// read again when another writer was quicker.
/// </summary>
public sealed class TellLedger(ConversationStore conversations, AccountDirectory accounts, TimeProvider time)
{
    private const int MaxRaces = 20;

    /// <summary>Whether nobody is left to be told, of those that want a row.</summary>
    internal static bool IsDone(IReadOnlyDictionary<SubscriberId, TellState> states, IReadOnlyList<Subscription> wanted) =>
        wanted.Count > 0 && wanted.All(one => StateOf(states, one.Id) is TellState.Told or TellState.GivenUp);

    /// <summary>A subscriber's state. The callback has one for all of its routes: what the app was told isn't told again to an override.</summary>
    internal static TellState? StateOf(IReadOnlyDictionary<SubscriberId, TellState> states, SubscriberId id)
    {
        if (id.IsCallback && states.Any(one => one.Key.IsCallback && one.Value == TellState.Told))
        {
            return TellState.Told;
        }

        return states.TryGetValue(id, out TellState state) ? state : null;
    }

    /// <summary>What is to be written when a row is done with: the one place that decides whether its payload goes.</summary>
    /// <param name="key">The conversation.</param>
    /// <param name="rowKey">The row.</param>
    /// <param name="at">When its event became durable; null for just now. A row of an earlier version, which doesn't say, is of no window.</param>
    /// <param name="states">How far each subscriber is.</param>
    /// <param name="wanted">Everyone that wants the row.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async ValueTask<WebhookMark> DoneAsync(
        ConversationKey key,
        string rowKey,
        DateTimeOffset? at,
        IReadOnlyDictionary<SubscriberId, TellState> states,
        IReadOnlyList<Subscription> wanted,
        CancellationToken cancellationToken)
    {
        bool isTold = wanted.All(one => StateOf(states, one.Id) == TellState.Told);
        UtcDay today = UtcDay.Today(time);
        bool isKept = isTold && (await accounts.ReplayWindowAsync(key.Business, cancellationToken)).Keeps(at is { } then ? UtcDay.Of(then) : today, today);
        return new WebhookMark(rowKey) { States = states, Pending = false, Erases = isTold && !isKept };
    }

    /// <summary>Writes marks that depend on nothing else.</summary>
    internal Task WriteAsync(ConversationKey key, IReadOnlyCollection<WebhookMark> marks, CancellationToken cancellationToken) =>
        marks.Count == 0 ? Task.CompletedTask : conversations.MarkAsync(key, marks, cancellationToken);

    /// <summary>Adds what became of some subscribers, and closes the row if they were the last.</summary>
    /// <param name="key">The conversation.</param>
    /// <param name="row">As it was read; null to read it first.</param>
    /// <param name="rowKey">The row.</param>
    /// <param name="news">What became of whom.</param>
    /// <param name="wanted">Everyone that wants the row.</param>
    /// <param name="notesStatus">See <see cref="WebhookMark.NotesStatus"/>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TimeoutException">Other writers were quicker too often.</exception>
    internal async Task AddAsync(
        ConversationKey key,
        PendingWebhook? row,
        string rowKey,
        IReadOnlyDictionary<SubscriberId, TellState> news,
        IReadOnlyList<Subscription> wanted,
        bool notesStatus,
        CancellationToken cancellationToken)
    {
        for (int race = 0; race < MaxRaces; race++)
        {
            row ??= await conversations.FindWebhookAsync(key, rowKey, cancellationToken);
            if (row is null)
            {
                return;
            }

            Dictionary<SubscriberId, TellState> states = new(row.States);
            foreach ((SubscriberId id, TellState state) in news)
            {
                // Told stays told, and what was given up isn't queued.
                states[id] = states.TryGetValue(id, out TellState now) && now is TellState.Told or TellState.GivenUp && state != TellState.Told ? now : state;
            }

            WebhookMark mark = !row.IsPending || !IsDone(states, wanted) ? new WebhookMark(rowKey) { States = states } : await DoneAsync(key, rowKey, row.At ?? DateTimeOffset.UnixEpoch, states, wanted, cancellationToken);
            if (await conversations.MarkAsync(key, [mark with { ETag = row.ETag, NotesStatus = notesStatus }], cancellationToken))
            {
                return;
            }

            row = null;
        }

        throw new TimeoutException("Other writers were quicker too often.");
    }

    /// <summary>Opens a row again for some subscribers, whatever became of them before. False when it is gone.</summary>
    internal async Task<bool> ReopenAsync(ConversationKey key, PendingWebhook? row, string rowKey, IReadOnlyList<Subscription> again, CancellationToken cancellationToken)
    {
        for (int race = 0; race < MaxRaces; race++)
        {
            row ??= await conversations.FindWebhookAsync(key, rowKey, cancellationToken);
            if (row is not { Payload: not null })
            {
                return false;
            }

            WebhookMark mark = new(rowKey) { States = again.ToDictionary(one => one.Id, _ => TellState.Queued), Pending = true, ETag = row.ETag };
            if (await conversations.MarkAsync(key, [mark], cancellationToken))
            {
                return true;
            }

            row = null;
        }

        throw new TimeoutException("Other writers were quicker too often.");
    }
}

using Relay.Shared.Primitives;
using Relay.Shared.Webhooks;

namespace Relay.Shared.Accounts;

/// <summary>
/// Who a business's webhooks go to: one callback, chosen as in the Cloud API (the number's override, else the account's, else the app's), and
/// every further subscriber that wants them.
/// </summary>
public sealed class BusinessSubscriptions(IReadOnlyList<Subscription> all)
{
    public IReadOnlyList<Subscription> All { get; } = all;

    public Subscription? Find(SubscriberId id) => All.FirstOrDefault(one => one.Id == id);

    /// <param name="topic">What the event is about.</param>
    /// <param name="at">When it happened; null for now.</param>
    /// <param name="known">Who wants it though it came later.</param>
    internal IReadOnlyList<Subscription> For(WebhookTopic topic, DateTimeOffset? at, IReadOnlyCollection<SubscriberId> known)
    {
        IEnumerable<Subscription> further = All.Where(one => !one.Id.IsCallback && one.Wants(topic) && (at is null || one.Since <= at || known.Contains(one.Id)));
        return CallbackFor(topic) is { } callback ? [callback, .. further] : [.. further];
    }

    private Subscription? CallbackFor(WebhookTopic topic)
    {
        Subscription? app = Find(SubscriberId.App);
        if (app is { IsUnsubscribed: true } || (app is { Fields.Count: > 0 } && !app.Fields.Contains(topic.Field)))
        {
            return null;
        }

        // Only this field can be overridden: what is told of the account goes to the app.
        bool canOverride = topic.Field == SubscriberFields.Messages;
        Subscription? number = canOverride && topic.Number is { } id ? Find(SubscriberId.OfNumber(id)) : null;
        return number ?? (canOverride ? Find(SubscriberId.Waba) : null) ?? app;
    }
}

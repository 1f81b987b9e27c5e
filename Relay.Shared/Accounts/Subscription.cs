using Relay.Shared.Primitives;
using Relay.Shared.Webhooks;

namespace Relay.Shared.Accounts;

/// <summary>Where one subscriber wants a business's webhooks, which of them, and how its endpoint has been doing.</summary>
public sealed class Subscription(Uri callback, Secret verifyToken)
{
    public SubscriberId Id { get; init; } = SubscriberId.App;

    public Uri Callback { get; } = callback;

    public Secret VerifyToken { get; } = verifyToken;

    /// <summary>The only number whose events a further subscriber wants; null for all.</summary>
    public PhoneNumberId? Number { get; init; }

    /// <summary>The fields that it wants: of a further subscriber <see cref="SubscriberFields"/>, of the app's callback the Cloud API's; none for all.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>When it was set: a further subscriber is told nothing that happened before.</summary>
    public DateTimeOffset Since { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>Since when its endpoint has done nothing but fail; null while it answers.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Whether its endpoint is called no more until it is set again.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>Whether the app was taken off its account (<c>DELETE …/subscribed_apps</c>): then no callback is called.</summary>
    public bool IsUnsubscribed { get; init; }

    /// <summary>Null for one that isn't in storage.</summary>
    internal string? ETag { get; init; }

    /// <summary>The same endpoint, for other fields.</summary>
    internal Subscription With(IReadOnlyList<string> fields) => new(Callback, VerifyToken)
    {
        Id = Id,
        Number = Number,
        Fields = fields,
        Since = Since,
        FailingSince = FailingSince,
        IsDisabled = IsDisabled,
        IsUnsubscribed = IsUnsubscribed,
    };

    internal bool Wants(WebhookTopic topic) =>
        (Number is null || Number == topic.Number) && (Fields.Count == 0 || Fields.Contains(topic.Field) || Fields.Contains($"{topic.Field}.{topic.Member}"));
}

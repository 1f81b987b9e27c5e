namespace Relay.Shared.Storage;

/// <summary>Every queue there is. A name is public for ever once it has landed.</summary>
public static class QueueNames
{
    /// <summary>Accepted work for a user's device: messages of the business, and receipts (relay's account).</summary>
    public const string Outbound = "outbound";

    /// <summary>Sealed envelopes that the transport pushed (relay's account).</summary>
    public const string Inbound = "inbound";

    /// <summary>References to webhook payloads whose first attempt failed (relay's account).</summary>
    public const string Webhooks = "webhooks";

    /// <summary>What a business wants to be told again, and how far that is (relay's account).</summary>
    public const string Replays = "replays";

    /// <summary>Users and businesses whose data is to be deleted now, and how far that is: ids only (relay's account).</summary>
    public const string Erasures = "erasures";

    /// <summary>References to envelopes to be pushed to a business number's relay (transport's account).</summary>
    public const string Push = "push";

    public const string OutboundPoison = Outbound + PoisonSuffix;
    public const string InboundPoison = Inbound + PoisonSuffix;
    public const string WebhooksPoison = Webhooks + PoisonSuffix;
    public const string ReplaysPoison = Replays + PoisonSuffix;
    public const string ErasuresPoison = Erasures + PoisonSuffix;
    public const string PushPoison = Push + PoisonSuffix;

    /// <summary>What the Functions host appends for messages past <c>maxDequeueCount</c>.</summary>
    public const string PoisonSuffix = "-poison";

    public static IReadOnlyList<string> OfRelay { get; } = [Outbound, Inbound, Webhooks, Replays, Erasures, OutboundPoison, InboundPoison, WebhooksPoison, ReplaysPoison, ErasuresPoison];

    /// <summary>Of the relay's, where the manager puts work; it takes none.</summary>
    public static IReadOnlyList<string> Managed { get; } = [Erasures];

    public static IReadOnlyList<string> OfTransport { get; } = [Push, PushPoison];
}

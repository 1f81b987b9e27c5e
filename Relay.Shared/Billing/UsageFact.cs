using Relay.Shared.Graph.Messages;

namespace Relay.Shared.Billing;

/// <summary>What a message is counted for, and as what.</summary>
internal readonly record struct UsageFact(UsageKind Kind, MessageCategory Category);

/// <summary>What happened to a message; each happens to it once.</summary>
internal enum UsageKind
{
    /// <summary>The transport has the business's message.</summary>
    Sent = 1,

    /// <summary>The user's device has the business's message.</summary>
    Delivered = 2,

    /// <summary>The user's message was taken for the business.</summary>
    Received = 3,
}

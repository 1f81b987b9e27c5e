namespace Relay.Shared.Conversations;

/// <summary>How far an outbound message is. It only ever moves down this list; <see cref="Failed"/> is final.</summary>
public enum OutboundState
{
    /// <summary>Its ciphertext is durable and may leave.</summary>
    Committed = 0,

    /// <summary>The transport has it.</summary>
    Sent = 1,

    /// <summary>The device has it.</summary>
    Delivered = 2,

    /// <summary>The user saw it.</summary>
    Read = 3,

    /// <summary>The user heard it.</summary>
    Played = 4,

    /// <summary>It will not be delivered.</summary>
    Failed = 9,
}

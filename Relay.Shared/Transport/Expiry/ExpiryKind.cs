namespace Relay.Shared.Transport.Expiry;

/// <summary>What a partition noted in the expiry index is.</summary>
public enum ExpiryKind
{
    /// <summary>A mailbox: envelopes and duplicate marks of that day go.</summary>
    Mailbox,

    /// <summary>One lane of what is pushed to a business number: envelopes and duplicate marks of that day go.</summary>
    Pushes,

    /// <summary>A device's public keys, and whom it blocks: they go unless the device still holds its number.</summary>
    DeviceKeys,

    /// <summary>A number's pending registrations: what has ended goes.</summary>
    Registrations,

    /// <summary>How much a number has uploaded: rows of that day go.</summary>
    Attachments,
}

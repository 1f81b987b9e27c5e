namespace Relay.Shared.Signal;

/// <summary>
/// The pre-keys a first message opened a session with. The caller deletes the one-time key and, unless it is a last-resort key,
/// the Kyber key. Of a last-resort key it keeps this triple (Kyber id, signed id, base key) while the key lives, and refuses
/// the message when the triple is there already: only a repeat of a first message has the same.
/// </summary>
public sealed record PreKeyUse
{
    /// <summary>Null when the message named none.</summary>
    public uint? OneTimePreKeyId { get; init; }

    public required uint SignedPreKeyId { get; init; }

    /// <summary>Null in version 3.</summary>
    public uint? KyberPreKeyId { get; init; }

    /// <summary>The initiator's, drawn for this session alone.</summary>
    public required PublicKey BaseKey { get; init; }
}

namespace Relay.Shared.Signal;

/// <summary>
/// The pre-keys a first message opened a session with. The caller deletes the one-time keys among them. When there was none,
/// neither EC nor Kyber, nothing is used up and the message could be sent in again once its session is gone: then the caller
/// keeps this use for as long as the signed pre-key lives, and refuses a message whose use it has already. Only an exact repeat
/// has the same.
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

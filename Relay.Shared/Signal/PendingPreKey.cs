namespace Relay.Shared.Signal;

/// <summary>The pre-keys every message keeps naming until the peer has answered. The base key is the session's.</summary>
internal sealed record PendingPreKey(uint? PreKeyId, uint SignedPreKeyId, KyberCapsule? Kyber = null);

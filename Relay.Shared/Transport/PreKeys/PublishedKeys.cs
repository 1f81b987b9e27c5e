using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.PreKeys;

/// <summary>What of a device's keys may be read any number of times. Without a last-resort Kyber key the device speaks version 3 only.</summary>
public sealed record PublishedKeys(uint RegistrationId, byte[] IdentityKey, SignedPreKeyUpload SignedPreKey, KyberPreKeyUpload? LastResortKyberPreKey);

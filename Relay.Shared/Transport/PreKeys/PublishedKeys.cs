using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.PreKeys;

/// <summary>What of a device's keys may be read any number of times.</summary>
public sealed record PublishedKeys(uint RegistrationId, byte[] IdentityKey, SignedPreKeyUpload SignedPreKey);

using Relay.Shared.Signal.Kem;

namespace Relay.Shared.Signal;

/// <summary>What a device publishes so that others can open a session with it. Public keys only; nothing here is checked yet.</summary>
public sealed record PreKeyBundle
{
    public required uint RegistrationId { get; init; }

    public required uint DeviceId { get; init; }

    public required PublicKey IdentityKey { get; init; }

    public required uint SignedPreKeyId { get; init; }

    public required PublicKey SignedPreKey { get; init; }

    public required ReadOnlyMemory<byte> SignedPreKeySignature { get; init; }

    /// <summary>Given with <see cref="PreKey"/> or not at all.</summary>
    public uint? PreKeyId { get; init; }

    public PublicKey? PreKey { get; init; }

    /// <summary>Given with <see cref="KyberPreKey"/> and its signature or not at all: without, only version 3 can be opened.</summary>
    public uint? KyberPreKeyId { get; init; }

    public KyberPublicKey? KyberPreKey { get; init; }

    /// <summary>The identity's signature of the serialized Kyber key.</summary>
    public ReadOnlyMemory<byte> KyberPreKeySignature { get; init; }
}

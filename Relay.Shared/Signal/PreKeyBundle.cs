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
}

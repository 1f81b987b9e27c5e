using System.Diagnostics.CodeAnalysis;

namespace Relay.Shared.Signal.Wire;

/// <summary>A first message: the keys that open a session around an ordinary message.</summary>
public sealed class PreKeySignalMessage
{
    private PreKeySignalMessage(PublicKey baseKey, PublicKey identityKey)
    {
        BaseKey = baseKey;
        IdentityKey = identityKey;
    }

    public uint? PreKeyId { get; private init; }

    public uint SignedPreKeyId { get; private init; }

    public PublicKey BaseKey { get; }

    public PublicKey IdentityKey { get; }

    public uint RegistrationId { get; private init; }

    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out PreKeySignalMessage? message) => throw new NotImplementedException();
}

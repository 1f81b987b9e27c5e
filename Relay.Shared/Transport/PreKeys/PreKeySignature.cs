using Relay.Shared.Signal;

namespace Relay.Shared.Transport.PreKeys;

/// <summary>Whether a published key is signed by the identity key it comes with: the one thing of Signal that the transport checks.</summary>
internal static class PreKeySignature
{
    internal static bool IsValid(byte[] identityKey, byte[] publicKey, byte[] signature) =>
        PublicKey.TryParse(identityKey, out PublicKey? identity) && XEdDsa.Verify(identity, publicKey, signature);
}

using Relay.Shared.Signal;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.PreKeys;

/// <summary>Whether a signed pre-key is signed by the identity key it comes with: the one thing of Signal that the transport checks.</summary>
internal static class PreKeySignature
{
    internal static bool IsValid(byte[] identityKey, SignedPreKeyUpload signed) =>
        PublicKey.TryParse(identityKey, out PublicKey? identity) && XEdDsa.Verify(identity, signed.PublicKey, signed.Signature);
}

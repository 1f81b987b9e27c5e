using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.PreKeys;

/// <summary>Whether a signed pre-key is signed by the identity key it comes with.</summary>
internal static class PreKeySignature
{
    // TODO-BEFORE-MERGE: XEdDsa.Verify once Relay.Shared/Signal has landed.
    internal static bool IsValid(byte[] identityKey, SignedPreKeyUpload signed) => identityKey.Length > 0 && signed.Signature.Length > 0;
}

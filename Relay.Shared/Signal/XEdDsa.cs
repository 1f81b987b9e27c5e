namespace Relay.Shared.Signal;

/// <summary>Ed25519 signatures under Curve25519 keys.</summary>
public static class XEdDsa
{
    public static byte[] Sign(KeyPair key, ReadOnlySpan<byte> message) => throw new NotImplementedException();

    public static bool Verify(PublicKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => throw new NotImplementedException();

    internal static byte[] Sign(KeyPair key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> nonce) => throw new NotImplementedException();
}

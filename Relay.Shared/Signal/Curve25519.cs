namespace Relay.Shared.Signal;

internal static class Curve25519
{
    internal static PublicKey PublicKeyOf(ReadOnlySpan<byte> privateKey) => throw new NotImplementedException();
}

// spec/signal.md §4.1, "Authenticator": a root and a MAC key that every epoch secret goes into.

using System.Diagnostics;
using System.Security.Cryptography;

namespace Relay.Shared.Signal.Spqr;

/// <summary>Vouches for the keys and ciphertexts that are sent in pieces. Owns its keys.</summary>
[DebuggerDisplay("[redacted]")]
internal sealed class SpqrAuthenticator : IDisposable
{
    internal const int Bytes = 2 * SpqrKdf.KeyBytes;

    private readonly byte[] _rootAndMac;

    /// <summary>From a stored state.</summary>
    internal SpqrAuthenticator(ReadOnlySpan<byte> rootAndMac) => _rootAndMac = rootAndMac[..Bytes].ToArray();

    internal ReadOnlySpan<byte> RootAndMac => _rootAndMac;

    private ReadOnlySpan<byte> MacKey => _rootAndMac.AsSpan(SpqrKdf.KeyBytes);

    internal static SpqrAuthenticator Start(ReadOnlySpan<byte> pqrKey)
    {
        var authenticator = new SpqrAuthenticator(stackalloc byte[Bytes]);
        authenticator.Update(1, pqrKey);
        return authenticator;
    }

    internal void Update(ulong epoch, ReadOnlySpan<byte> key) => SpqrKdf.UpdateAuthenticator(_rootAndMac, key, epoch);

    internal void MacHeader(ulong epoch, ReadOnlySpan<byte> header, Span<byte> mac) => SpqrKdf.HeaderMac(MacKey, epoch, header, mac);

    internal void MacCiphertext(ulong epoch, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> mac) =>
        SpqrKdf.CiphertextMac(MacKey, epoch, first, second, mac);

    internal SpqrAuthenticator Clone() => new(_rootAndMac);

    public void Dispose() => CryptographicOperations.ZeroMemory(_rootAndMac);

    public override string ToString() => "[redacted]";
}

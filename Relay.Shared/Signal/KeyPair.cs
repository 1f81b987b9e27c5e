// spec/signal.md §3.1: X25519 key pairs. The only place, with the signature nonce, where randomness enters.

using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Relay.Shared.Signal;

/// <summary>A Curve25519 key pair that owns its clamped private half: wiped on dispose, never printed or serialised.</summary>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(RefusesJson<KeyPair>))]
public sealed class KeyPair : IDisposable
{
    private byte[]? _privateKey;

    private KeyPair(byte[] privateKey, PublicKey publicKey)
    {
        _privateKey = privateKey;
        PublicKey = publicKey;
    }

    public PublicKey PublicKey { get; }

    /// <summary>The clamped private half, valid until dispose.</summary>
    /// <exception cref="ObjectDisposedException">The key was wiped.</exception>
    internal ReadOnlySpan<byte> PrivateKey
    {
        get
        {
            ObjectDisposedException.ThrowIf(_privateKey is null, this);
            return _privateKey;
        }
    }

    public static KeyPair Generate()
    {
        Span<byte> draw = stackalloc byte[SignalLimits.PrivateKeyBytes];
        try
        {
            RandomNumberGenerator.Fill(draw);
            return FromDraw(draw);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(draw);
        }
    }

    /// <summary>Takes back what <see cref="ExportPrivate"/> gave; the public half is computed.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static KeyPair Import(ReadOnlySpan<byte> privateKey) => FromDraw(privateKey);

    /// <summary>Writes the 32 private bytes. The caller seals and wipes them.</summary>
    public void ExportPrivate(Span<byte> destination) => PrivateKey.CopyTo(destination);

    public void Dispose()
    {
        if (_privateKey is { } privateKey)
        {
            CryptographicOperations.ZeroMemory(privateKey);
            _privateKey = null;
        }
    }

    public override string ToString() => "[redacted]";

    /// <summary>Clamps 32 drawn bytes into a key pair: the step below <see cref="Generate"/>, used by vectors.</summary>
    internal static KeyPair FromDraw(ReadOnlySpan<byte> draw)
    {
        if (draw.Length != SignalLimits.PrivateKeyBytes)
        {
            throw new ArgumentException("A private key has 32 bytes.", nameof(draw));
        }

        byte[] privateKey = draw.ToArray();
        privateKey[0] &= 248;
        privateKey[31] &= 127;
        privateKey[31] |= 64;
        return new KeyPair(privateKey, Curve25519.PublicKeyOf(privateKey));
    }

    /// <summary>From a record we wrote, where both halves are known to belong together.</summary>
    internal static KeyPair FromParts(ReadOnlySpan<byte> privateKey, PublicKey publicKey) => new(privateKey.ToArray(), publicKey);

    internal KeyPair Clone() => FromParts(PrivateKey, PublicKey);
}

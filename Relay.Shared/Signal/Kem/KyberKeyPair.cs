// spec/signal.md §1.4 and §4: the private half of a Kyber-1024 key, kept as the 64-byte seed d || z of FIPS 203 §7.1.

using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Relay.Shared.Signal.Kem;

/// <summary>A Kyber-1024 key pair that owns its seed: wiped on dispose, never printed or serialised.</summary>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(RefusesJson<KyberKeyPair>))]
public sealed class KyberKeyPair : IDisposable
{
    private byte[]? _seed;
    private KyberPublicKey? _publicKey;

    private KyberKeyPair(byte[] seed) => _seed = seed;

    /// <summary>Computed when first asked for: decapsulation doesn't ask.</summary>
    public KyberPublicKey PublicKey => _publicKey ??= KyberPublicKey.Of(Seed);

    /// <exception cref="ObjectDisposedException">The key was wiped.</exception>
    private ReadOnlySpan<byte> Seed
    {
        get
        {
            ObjectDisposedException.ThrowIf(_seed is null, this);
            return _seed;
        }
    }

    public static KyberKeyPair Generate()
    {
        byte[] seed = new byte[MlKem.SeedBytes];
        RandomNumberGenerator.Fill(seed);
        return new KyberKeyPair(seed);
    }

    /// <summary>Takes back what <see cref="ExportSeed"/> gave.</summary>
    /// <exception cref="ArgumentException">Not 64 bytes.</exception>
    public static KyberKeyPair Import(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != MlKem.SeedBytes)
        {
            throw new ArgumentException("A seed has 64 bytes.", nameof(seed));
        }

        return new KyberKeyPair(seed.ToArray());
    }

    /// <summary>Writes the 64 private bytes. The caller seals and wipes them.</summary>
    public void ExportSeed(Span<byte> destination) => Seed.CopyTo(destination);

    /// <summary>
    /// The secret of a ciphertext: one nobody else knows when it was made for another key or altered. False, with nothing
    /// written, unless it has 1569 bytes and type 0x08.
    /// </summary>
    /// <param name="ciphertext">As on the wire.</param>
    /// <param name="secret">Receives 32 bytes. The caller wipes them.</param>
    public bool TryDecapsulate(ReadOnlySpan<byte> ciphertext, Span<byte> secret)
    {
        ReadOnlySpan<byte> seed = Seed;
        if (ciphertext.Length != KyberPublicKey.CiphertextBytes || ciphertext[0] != KyberPublicKey.Kyber1024Type
            || !MlKem.MlKem1024.TryDecapsulate(seed, ciphertext[1..], secret))
        {
            return false;
        }

        KyberPublicKey.ToRound3(ciphertext[1..], secret);
        return true;
    }

    public void Dispose()
    {
        if (_seed is { } seed)
        {
            CryptographicOperations.ZeroMemory(seed);
            _seed = null;
        }
    }

    public override string ToString() => "[redacted]";

    /// <summary>From the two drawn halves of a seed: used by vectors.</summary>
    internal static KyberKeyPair FromDraws(ReadOnlySpan<byte> d, ReadOnlySpan<byte> z)
    {
        byte[] seed = new byte[MlKem.SeedBytes];
        d.CopyTo(seed);
        z.CopyTo(seed.AsSpan(MlKem.SeedBytes / 2));
        return new KyberKeyPair(seed);
    }
}

// spec/signal.md §4: 0x08 || ML-KEM-1024 encapsulation key (1568 bytes). "Kyber-1024" there is Kyber of round 3, which is
//   secret = SHAKE256(K || SHA3-256(ciphertext), 32)
// over K and the ciphertext of ML-KEM-1024; on the wire a ciphertext is 0x08 || 1568 bytes, hashed without the 0x08.

using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Relay.Shared.Signal.Kem;

/// <summary>A Kyber-1024 public key in its one serialized form, its modulus checked. Immutable, compared by value.</summary>
public sealed class KyberPublicKey : IEquatable<KyberPublicKey>
{
    public const int SerializedBytes = 1569;

    /// <summary>0x08 and the ciphertext.</summary>
    public const int CiphertextBytes = 1569;

    public const int SecretBytes = 32;

    internal const byte Kyber1024Type = 0x08;

    private readonly byte[] _bytes;

    private KyberPublicKey(byte[] bytes) => _bytes = bytes;

    /// <summary>The 1569 bytes that are published and signed.</summary>
    public ReadOnlySpan<byte> Serialized => _bytes;

    /// <summary>Exactly 1569 bytes, type 0x08, every coefficient below q.</summary>
    public static bool TryParse(ReadOnlySpan<byte> serialized, [NotNullWhen(true)] out KyberPublicKey? key)
    {
        key = serialized.Length == SerializedBytes && serialized[0] == Kyber1024Type && MlKem.MlKem1024.IsEncapsulationKey(serialized[1..])
            ? new KyberPublicKey(serialized.ToArray())
            : null;
        return key is not null;
    }

    /// <summary>A copy of <see cref="Serialized"/>.</summary>
    public byte[] ToBytes() => _bytes.AsSpan().ToArray();

    /// <summary>A fresh secret for the key's owner, and the 1569 bytes that carry it.</summary>
    /// <param name="secret">Receives 32 bytes. The caller wipes them.</param>
    public byte[] Encapsulate(Span<byte> secret)
    {
        Span<byte> m = stackalloc byte[MlKem.MessageBytes];
        try
        {
            RandomNumberGenerator.Fill(m);
            return Encapsulate(m, secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(m);
        }
    }

    public bool Equals([NotNullWhen(true)] KyberPublicKey? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    public override bool Equals(object? obj) => Equals(obj as KyberPublicKey);

    public override int GetHashCode() => BitConverter.ToInt32(_bytes, 1);

    public override string ToString() => Convert.ToHexStringLower(_bytes);

    /// <summary>With m given: used by vectors. An m never serves twice.</summary>
    internal byte[] Encapsulate(ReadOnlySpan<byte> m, Span<byte> secret)
    {
        byte[] ciphertext = new byte[CiphertextBytes];
        ciphertext[0] = Kyber1024Type;
        if (!MlKem.MlKem1024.TryEncapsulate(_bytes.AsSpan(1), m, ciphertext.AsSpan(1), secret))
        {
            throw new InvalidOperationException("A checked key was refused.");
        }

        ToRound3(ciphertext.AsSpan(1), secret);
        return ciphertext;
    }

    /// <summary>Of a seed, which makes good keys only.</summary>
    internal static KyberPublicKey Of(ReadOnlySpan<byte> seed)
    {
        byte[] bytes = new byte[SerializedBytes];
        bytes[0] = Kyber1024Type;
        MlKem.MlKem1024.WriteEncapsulationKey(seed, bytes.AsSpan(1));
        return new KyberPublicKey(bytes);
    }

    /// <summary>In place: the secret of ML-KEM becomes that of Kyber, round 3.</summary>
    internal static void ToRound3(ReadOnlySpan<byte> ciphertext, Span<byte> secret)
    {
        Span<byte> input = stackalloc byte[2 * SecretBytes];
        try
        {
            secret.CopyTo(input);
            Sha3.Hash256(ciphertext, input[SecretBytes..]);
            Sha3.Shake256(input, secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(input);
        }
    }
}

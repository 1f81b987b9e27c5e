// libsodium by P/Invoke: the functions spec/signal.md §8.1 names, and the version check.
// All exist unchanged since 1.0.18. Natives come with the NuGet package of the same name.

using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Relay.Shared.Signal;

/// <summary>The native curve arithmetic. Touching it loads, initialises and checks the library once.</summary>
internal static partial class Sodium
{
    private const string Library = "libsodium";

    private const int HmacBytes = 32;

    /// <summary>At least sizeof(crypto_auth_hmacsha256_state), which is 208 and checked at the start.</summary>
    private const int HmacStateBytes = 256;

    private static readonly Version Oldest = new(1, 0, 18);

    static Sodium()
    {
        if (sodium_init() < 0)
        {
            throw new InvalidOperationException("libsodium could not initialise.");
        }

        string? text = Marshal.PtrToStringUTF8(sodium_version_string());
        if (!Version.TryParse(text, out Version? version) || version < Oldest)
        {
            throw new InvalidOperationException($"libsodium {Oldest} or newer is needed, found {text}.");
        }

        if (crypto_auth_hmacsha256_statebytes() > HmacStateBytes)
        {
            throw new InvalidOperationException("libsodium keeps more state than there is room for.");
        }
    }

    /// <summary>Non-zero when the shared point is the neutral element.</summary>
    internal static int ScalarMult(Span<byte> q, ReadOnlySpan<byte> n, ReadOnlySpan<byte> p) => crypto_scalarmult_curve25519(q, n, p);

    internal static int ScalarMultBase(Span<byte> q, ReadOnlySpan<byte> n) => crypto_scalarmult_curve25519_base(q, n);

    internal static int EdScalarMultBase(Span<byte> q, ReadOnlySpan<byte> n) => crypto_scalarmult_ed25519_base_noclamp(q, n);

    internal static int EdIsValidPoint(ReadOnlySpan<byte> p) => crypto_core_ed25519_is_valid_point(p);

    internal static void ScalarReduce(Span<byte> r, ReadOnlySpan<byte> s) => crypto_core_ed25519_scalar_reduce(r, s);

    internal static void ScalarMultiply(Span<byte> z, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y) => crypto_core_ed25519_scalar_mul(z, x, y);

    internal static void ScalarAdd(Span<byte> z, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y) => crypto_core_ed25519_scalar_add(z, x, y);

    internal static int EdVerify(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message, ReadOnlySpan<byte> publicKey) =>
        crypto_sign_ed25519_verify_detached(signature, message, (ulong)message.Length, publicKey);

    /// <summary>HMAC-SHA256. Half the time of OpenSSL's, which looks its algorithm up at each call.</summary>
    internal static void HmacSha256(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> mac) => HmacSha256(key, message, [], [], mac);

    /// <summary>Of the three texts, one after the other.</summary>
    internal static void HmacSha256(ReadOnlySpan<byte> key, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, Span<byte> mac)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mac.Length, HmacBytes, nameof(mac));
        Span<byte> state = stackalloc byte[HmacStateBytes];
        try
        {
            crypto_auth_hmacsha256_init(state, key, (nuint)key.Length);
            crypto_auth_hmacsha256_update(state, first, (ulong)first.Length);
            crypto_auth_hmacsha256_update(state, second, (ulong)second.Length);
            crypto_auth_hmacsha256_update(state, third, (ulong)third.Length);
            crypto_auth_hmacsha256_final(state, mac);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(state);
        }
    }

    [LibraryImport(Library)]
    private static partial int sodium_init();

    [LibraryImport(Library)]
    private static partial nint sodium_version_string();

    [LibraryImport(Library)]
    private static partial int crypto_scalarmult_curve25519(Span<byte> q, ReadOnlySpan<byte> n, ReadOnlySpan<byte> p);

    [LibraryImport(Library)]
    private static partial int crypto_scalarmult_curve25519_base(Span<byte> q, ReadOnlySpan<byte> n);

    [LibraryImport(Library)]
    private static partial int crypto_scalarmult_ed25519_base_noclamp(Span<byte> q, ReadOnlySpan<byte> n);

    [LibraryImport(Library)]
    private static partial int crypto_core_ed25519_is_valid_point(ReadOnlySpan<byte> p);

    [LibraryImport(Library)]
    private static partial void crypto_core_ed25519_scalar_reduce(Span<byte> r, ReadOnlySpan<byte> s);

    [LibraryImport(Library)]
    private static partial void crypto_core_ed25519_scalar_mul(Span<byte> z, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y);

    [LibraryImport(Library)]
    private static partial void crypto_core_ed25519_scalar_add(Span<byte> z, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y);

    [LibraryImport(Library)]
    private static partial int crypto_sign_ed25519_verify_detached(
        ReadOnlySpan<byte> sig, ReadOnlySpan<byte> m, ulong mlen, ReadOnlySpan<byte> pk);

    [LibraryImport(Library)]
    private static partial nuint crypto_auth_hmacsha256_statebytes();

    [LibraryImport(Library)]
    private static partial int crypto_auth_hmacsha256_init(Span<byte> state, ReadOnlySpan<byte> key, nuint keylen);

    [LibraryImport(Library)]
    private static partial int crypto_auth_hmacsha256_update(Span<byte> state, ReadOnlySpan<byte> input, ulong inlen);

    [LibraryImport(Library)]
    private static partial int crypto_auth_hmacsha256_final(Span<byte> state, Span<byte> output);
}

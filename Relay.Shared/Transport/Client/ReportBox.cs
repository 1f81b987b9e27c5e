// libsodium's sealed box (crypto_box_seal: X25519 and XSalsa20-Poly1305 under an ephemeral key) over UTF-8 text that sodium_pad (ISO/IEC 7816-4: 80, zeros) filled up to a step.
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Client;

/// <summary>What a user attaches to a report, for the eyes of who holds the operator's private key alone; who sealed it can't open it, and nothing in it says who that was.</summary>
public static partial class ReportBox
{
    public const int KeySize = TransportLimits.ReportKeyBytes;

    private const string Library = "libsodium";

    /// <summary>In bytes of UTF-8: so much fits with its padding.</summary>
    public const int MaxText = ((TransportLimits.MaxReportBytes - TransportLimits.ReportSealBytes) / TransportLimits.ReportStep * TransportLimits.ReportStep) - 1;

    /// <param name="publicKey">The operator's.</param>
    /// <param name="text">What is longer than <see cref="MaxText"/> is cut off.</param>
    /// <exception cref="CryptographicException">That is no public key.</exception>
    public static byte[] Seal(ReadOnlySpan<byte> publicKey, string text)
    {
        RequireLibrary();
        if (publicKey.Length != KeySize)
        {
            throw new CryptographicException("A key for reports has 32 bytes.");
        }

        byte[] plain = new byte[MaxText + 1];
        try
        {
            Encoding.UTF8.GetEncoder().Convert(text, plain.AsSpan(0, MaxText), flush: true, out _, out int used, out _);
            if (sodium_pad(out nuint padded, plain, (nuint)used, TransportLimits.ReportStep, (nuint)plain.Length) != 0)
            {
                throw new CryptographicException("libsodium did not pad.");
            }

            byte[] box = new byte[(int)padded + TransportLimits.ReportSealBytes];
            return crypto_box_seal(box, plain, padded, publicKey) == 0 ? box : throw new CryptographicException("That is no key to seal for.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Null when it was sealed for another key, or is no box.</summary>
    /// <param name="publicKey">The operator's.</param>
    /// <param name="privateKey">The operator's.</param>
    /// <param name="box">What a device sealed.</param>
    public static string? Open(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> box)
    {
        RequireLibrary();
        if (publicKey.Length != KeySize || privateKey.Length != KeySize || box.Length <= TransportLimits.ReportSealBytes)
        {
            return null;
        }

        byte[] plain = new byte[box.Length - TransportLimits.ReportSealBytes];
        return crypto_box_seal_open(plain, box, (ulong)box.Length, publicKey, privateKey) == 0
            && sodium_unpad(out nuint length, plain, (nuint)plain.Length, TransportLimits.ReportStep) == 0
                ? Encoding.UTF8.GetString(plain, 0, (int)length)
                : null;
    }

    /// <summary>The public key of a private one, which is 32 random bytes.</summary>
    public static byte[] PublicKeyOf(ReadOnlySpan<byte> privateKey)
    {
        RequireLibrary();
        byte[] key = new byte[KeySize];
        return privateKey.Length == KeySize && crypto_scalarmult_base(key, privateKey) == 0 ? key : throw new CryptographicException("That is no private key.");
    }

    private static void RequireLibrary()
    {
        if (sodium_init() < 0)
        {
            throw new CryptographicException("libsodium could not initialise.");
        }
    }

    [LibraryImport(Library)]
    private static partial int sodium_init();

    [LibraryImport(Library)]
    private static partial int sodium_pad(out nuint padded, Span<byte> buffer, nuint length, nuint blockSize, nuint capacity);

    [LibraryImport(Library)]
    private static partial int sodium_unpad(out nuint length, ReadOnlySpan<byte> buffer, nuint padded, nuint blockSize);

    [LibraryImport(Library)]
    private static partial int crypto_box_seal(Span<byte> box, ReadOnlySpan<byte> plain, ulong length, ReadOnlySpan<byte> publicKey);

    [LibraryImport(Library)]
    private static partial int crypto_box_seal_open(Span<byte> plain, ReadOnlySpan<byte> box, ulong length, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> privateKey);

    [LibraryImport(Library)]
    private static partial int crypto_scalarmult_base(Span<byte> publicKey, ReadOnlySpan<byte> privateKey);
}

// OpaqueForm( type(1, 0 unknown) | received(1, 0 or 1) | expiry(4, minutes since 1970, big endian) | file(8) ) read as one big-endian number, in decimal. The form's first
// byte is its version 1, so the number has 102 digits, always. The synthetic nonce is over the plaintext; there is no context: an id is good for all numbers of the business.
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Media;

/// <summary>
/// Media ids: digits alone, as the Cloud API's, and longer than any other id, so that one can be told from a phone number's. Each is an encrypted locator under the business's
/// id key: another tenant's or a forged one doesn't open and is unknown, without a look at storage.
/// </summary>
public sealed class MediaIds(KeyRing keys)
{
    /// <summary>Digits of every id.</summary>
    public const int Length = 102;

    private const int PlainSize = 1 + 1 + 4 + MediaFileId.Size;
    private const int Size = PlainSize + OpaqueForm.Overhead;

    /// <summary>Whether a node's id has the form of a media id.</summary>
    public static bool HasForm(string id) => id.Length == Length && !id.AsSpan().ContainsAnyExceptInRange('0', '9');

    public async ValueTask<string> CreateAsync(BusinessId business, MediaLocator locator, CancellationToken cancellationToken)
    {
        using KeyLease subkeys = await SubkeysAsync(business, cancellationToken);
        return Create(subkeys.Reveal(), locator);
    }

    /// <summary>The locator, or null: not an id of this business.</summary>
    public async ValueTask<MediaLocator?> ReadAsync(BusinessId business, string? id, CancellationToken cancellationToken)
    {
        if (id is null || !HasForm(id))
        {
            return null;
        }

        using KeyLease subkeys = await SubkeysAsync(business, cancellationToken);
        return Read(subkeys.Reveal(), id);
    }

    private ValueTask<KeyLease> SubkeysAsync(BusinessId business, CancellationToken cancellationToken) =>
        keys.DerivedKeysAsync(business.Value, "ids", "relay media id", OpaqueForm.KeysSize, cancellationToken);

    private static string Create(ReadOnlySpan<byte> subkeys, MediaLocator locator)
    {
        Span<byte> plain = stackalloc byte[PlainSize];
        plain[0] = locator.Type?.Number ?? 0;
        plain[1] = locator.IsReceived ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(plain[2..], checked((uint)(locator.ExpiresAt.ToUnixTimeSeconds() / 60)));
        locator.File.WriteTo(plain[6..]);
        BigInteger number = new(OpaqueForm.Seal(subkeys, plain, plain, []), isUnsigned: true, isBigEndian: true);
        return number.ToString(CultureInfo.InvariantCulture);
    }

    private static MediaLocator? Read(ReadOnlySpan<byte> subkeys, string id)
    {
        BigInteger number = BigInteger.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture);
        Span<byte> bytes = stackalloc byte[Size];
        if (number.GetByteCount(isUnsigned: true) != Size
            || !number.TryWriteBytes(bytes, out _, isUnsigned: true, isBigEndian: true)
            || OpaqueForm.Open(subkeys, bytes, []) is not { } plain)
        {
            return null;
        }

        DateTimeOffset expiry = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(plain.AsSpan(2)) * 60L);
        return new MediaLocator(MediaType.Find(plain[0]), plain[1] == 1, expiry, MediaFileId.FromBytes(plain.AsSpan(6)));
    }
}

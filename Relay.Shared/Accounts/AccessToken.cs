// "rly_live_" + base64url( business(8, big endian) ‖ token id(8) ‖ secret(32) ): 73 characters.
// The tenant is read from the token, so one point read finds its row; only the secret's SHA-256 is stored.
using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts;

/// <summary>A system user's access token, taken apart. 256 random bits, shown once.</summary>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(NeverSerialised<AccessToken>))]
public sealed class AccessToken
{
    private const string Prefix = "rly_live_";
    private const int IdSize = 8;
    private const int SecretSize = 32;
    private const int Size = 8 + IdSize + SecretSize;

    /// <summary>In characters; with exactly this many there is one spelling, without padding or spaces.</summary>
    private const int Length = 73;

    private readonly SecretBytes _secret;

    private AccessToken(BusinessId business, string id, SecretBytes secret)
    {
        Business = business;
        Id = id;
        _secret = secret;
    }

    public BusinessId Business { get; }

    /// <summary>Its public name: 16 hex digits.</summary>
    public string Id { get; }

    /// <summary>SHA-256 of the secret part.</summary>
    public byte[] Hash => SHA256.HashData(_secret.Reveal());

    public static AccessToken Create(BusinessId business) => new(
        business, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdSize)), SecretBytes.Random(SecretSize));

    public static bool TryParse(string? text, [NotNullWhen(true)] out AccessToken? token)
    {
        token = null;
        if (text is not { Length: Length } || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        // Not TryDecodeFromChars: that throws for characters that aren't base64url, and anyone may send those.
        Span<byte> bytes = stackalloc byte[Size];
        if (Base64Url.DecodeFromChars(text.AsSpan(Prefix.Length), bytes, out _, out int written) != OperationStatus.Done || written != Size)
        {
            return false;
        }

        string business = BinaryPrimitives.ReadUInt64BigEndian(bytes).ToString(CultureInfo.InvariantCulture);
        if (!BusinessId.TryParse(business, out BusinessId id))
        {
            return false;
        }

        token = new AccessToken(id, Convert.ToHexStringLower(bytes.Slice(8, IdSize)), SecretBytes.CopyOf(bytes[(8 + IdSize)..]));
        CryptographicOperations.ZeroMemory(bytes);
        return true;
    }

    /// <summary>The whole token, for the one time it is shown.</summary>
    public Secret Reveal()
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ulong.Parse(Business.Value, CultureInfo.InvariantCulture));
        Convert.FromHexString(Id).CopyTo(bytes[8..]);
        _secret.Reveal().CopyTo(bytes[(8 + IdSize)..]);
        Secret token = new(Prefix + Base64Url.EncodeToString(bytes));
        CryptographicOperations.ZeroMemory(bytes);
        return token;
    }

    public override string ToString() => "[redacted]";
}

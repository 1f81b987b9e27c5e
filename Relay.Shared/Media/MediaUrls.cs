// {relay}/whatsapp_business/attachments?mid={media id}&biz={business}&ext={Unix seconds of its end}&hash={hex HMAC-SHA256 of "mid biz ext"}
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Hosting;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Media;

/// <summary>Addresses to download a file from: good for five minutes, and for whoever has them, as they are signed under a key of the business.</summary>
public sealed class MediaUrls(RelayOptions options, KeyRing keys, TimeProvider time)
{
    public const string Path = "whatsapp_business/attachments";

    private const int MaxLength = 200;

    internal async ValueTask<string> CreateAsync(BusinessId business, string mediaId, CancellationToken cancellationToken)
    {
        string end = (time.GetUtcNow() + MediaLimits.UrlLife).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using KeyLease key = await KeyAsync(business, cancellationToken);
        string hash = Convert.ToHexStringLower(Sign(key.Reveal(), mediaId, business, end));
        return $"{options.PublicBaseUrl.AbsoluteUri.TrimEnd('/')}/{Path}?mid={mediaId}&biz={business.Value}&ext={end}&hash={hash}";
    }

    /// <summary>Whether an address is signed.</summary>
    internal async ValueTask<bool> IsSignedAsync(MediaAddress address, CancellationToken cancellationToken)
    {
        if (!BusinessId.TryParse(address.Business, out BusinessId business)
            || address.Hash is not { Length: 2 * HMACSHA256.HashSizeInBytes } || address.MediaId.Length > MaxLength || address.End.Length > MaxLength)
        {
            return false;
        }

        byte[] given = new byte[HMACSHA256.HashSizeInBytes];
        if (Convert.FromHexString(address.Hash, given, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        // A key is never made for whoever asks: a business that has media has it.
        using KeyLease? known = await keys.FindNamedKeyAsync(business.Value, IdsKey, cancellationToken);
        if (known is null)
        {
            return false;
        }

        using KeyLease key = await KeyAsync(business, cancellationToken);
        return CryptographicOperations.FixedTimeEquals(given, Sign(key.Reveal(), address.MediaId, business, address.End));
    }

    /// <summary>Whether its five minutes are over, or it says nothing of them.</summary>
    internal bool IsOver(MediaAddress address) =>
        !long.TryParse(address.End, NumberStyles.None, CultureInfo.InvariantCulture, out long end) || end <= time.GetUtcNow().ToUnixTimeSeconds();

    private const string IdsKey = "ids";

    private ValueTask<KeyLease> KeyAsync(BusinessId business, CancellationToken cancellationToken) =>
        keys.DerivedKeysAsync(business.Value, IdsKey, "relay media url", HMACSHA256.HashSizeInBytes, cancellationToken);

    private static byte[] Sign(ReadOnlySpan<byte> key, string mediaId, BusinessId business, string end) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{mediaId} {business.Value} {end}"));
}

/// <summary>What an address to download from says.</summary>
/// <param name="MediaId"><c>mid</c>.</param>
/// <param name="Business"><c>biz</c>.</param>
/// <param name="End"><c>ext</c>.</param>
/// <param name="Hash"><c>hash</c>.</param>
public sealed record MediaAddress(string MediaId, string Business, string End, string Hash)
{
    public override string ToString() => nameof(MediaAddress);
}

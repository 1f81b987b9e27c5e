using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Relay.Shared.Transport.Wire;

/// <summary>
/// Signs a push from the transport to the relay: header <c>Relay-Timestamp</c> (Unix seconds) and <c>Relay-Signature</c>
/// (<c>v1=</c> and the lower-case hex HMAC-SHA256 of timestamp, a full stop and the body under the number's push secret).
/// </summary>
public static class PushSignature
{
    public const string TimestampHeader = "Relay-Timestamp";
    public const string SignatureHeader = "Relay-Signature";

    private const string Version = "v1=";

    public static string Compute(ReadOnlySpan<byte> secret, long timestamp, ReadOnlySpan<byte> body)
    {
        using IncrementalHash hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData(Encoding.ASCII.GetBytes(timestamp.ToString(CultureInfo.InvariantCulture) + "."));
        hmac.AppendData(body);
        return Version + Convert.ToHexStringLower(hmac.GetHashAndReset());
    }

    /// <summary>Whether the signature is right and its time within <see cref="TransportLimits.PushTolerance"/> of <paramref name="now"/>.</summary>
    public static bool IsValid(ReadOnlySpan<byte> secret, string? timestamp, string? signature, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (signature is null || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds))
        {
            return false;
        }

        bool genuine = CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Compute(secret, seconds, body)), Encoding.ASCII.GetBytes(signature));
        return genuine && Math.Abs(now.ToUnixTimeSeconds() - (decimal)seconds) <= (decimal)TransportLimits.PushTolerance.TotalSeconds;
    }
}

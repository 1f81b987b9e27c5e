using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Primitives;

namespace Relay.Shared.Graph.Webhooks;

/// <summary>
/// The headers of Standard Webhooks 1.0 beside Meta's own: <c>webhook-id</c> is the same at every attempt, <c>webhook-timestamp</c> is of
/// the attempt, <c>webhook-signature</c> is <c>v1,</c> and the base64 HMAC-SHA256 of id, timestamp and body with full stops between them.
/// The key is the app secret's ASCII bytes; as its libraries want it: <c>whsec_</c> and the base64 of these.
/// </summary>
public static class StandardWebhooks
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <param name="appSecret">The key.</param>
    /// <param name="id">Without full stops.</param>
    /// <param name="timestamp">Of this attempt, in Unix seconds.</param>
    /// <param name="body">Exactly the bytes sent.</param>
    public static string Compute(Secret appSecret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        byte[] key = Encoding.ASCII.GetBytes(appSecret.Reveal());
        try
        {
            return Compute(key, id, timestamp, body);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    internal static string Compute(ReadOnlySpan<byte> key, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using IncrementalHash hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hmac.AppendData(body);
        return "v1," + Convert.ToBase64String(hmac.GetHashAndReset());
    }
}

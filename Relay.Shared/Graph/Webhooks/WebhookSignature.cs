using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Primitives;

namespace Relay.Shared.Graph.Webhooks;

/// <summary>
/// Header <c>X-Hub-Signature-256</c>: <c>sha256=</c> and the lower-case hex HMAC-SHA256 of exactly the bytes sent, under the app
/// secret's UTF-8 bytes (spec/cloud-api.md §3).
/// </summary>
public static class WebhookSignature
{
    public const string Header = "X-Hub-Signature-256";

    private const string Prefix = "sha256=";

    public static string Compute(Secret appSecret, ReadOnlySpan<byte> body)
    {
        byte[] key = Encoding.UTF8.GetBytes(appSecret.Reveal());
        try
        {
            return Prefix + Convert.ToHexStringLower(HMACSHA256.HashData(key, body));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Compares in constant time.</summary>
    public static bool IsValid(Secret appSecret, string? signature, ReadOnlySpan<byte> body) =>
        signature is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Compute(appSecret, body)), Encoding.UTF8.GetBytes(signature));
}

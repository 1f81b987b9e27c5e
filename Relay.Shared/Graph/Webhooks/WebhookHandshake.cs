using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Primitives;

namespace Relay.Shared.Graph.Webhooks;

/// <summary>
/// Proves that an endpoint wants Relay's webhooks: <c>GET callback?hub.mode=subscribe&amp;hub.challenge=…&amp;hub.verify_token=…</c>
/// must be answered with status 200 and the challenge as the whole body (spec/cloud-api.md §3).
/// </summary>
public static class WebhookHandshake
{
    /// <summary>How much of an answer is worth reading: a longer one is wrong.</summary>
    public const int MaxAnswerBytes = 64;

    /// <summary>Ten random digits.</summary>
    public static string CreateChallenge() =>
        RandomNumberGenerator.GetInt32(1_000_000_000, int.MaxValue).ToString(CultureInfo.InvariantCulture);

    /// <summary>The callback with the three parameters added to what query it has; a fragment is dropped.</summary>
    public static Uri BuildUri(Uri callback, string challenge, Secret verifyToken)
    {
        string address = callback.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);
        string separator = callback.Query.Length <= 1 ? "?" : "&";
        return new Uri(
            $"{address.TrimEnd('?')}{separator}hub.mode=subscribe&hub.challenge={Uri.EscapeDataString(challenge)}"
            + $"&hub.verify_token={Uri.EscapeDataString(verifyToken.Reveal())}");
    }

    /// <param name="httpStatus">The answer's status.</param>
    /// <param name="body">The answer's body, or its first bytes up to more than <see cref="MaxAnswerBytes"/>.</param>
    /// <param name="challenge">What was asked.</param>
    public static bool IsAccepted(int httpStatus, ReadOnlySpan<byte> body, string challenge) =>
        httpStatus == 200 && body.SequenceEqual(Encoding.ASCII.GetBytes(challenge));
}

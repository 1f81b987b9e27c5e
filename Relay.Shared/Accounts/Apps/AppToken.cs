using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts.Apps;

/// <summary>
/// An app's access token: the app's id, a bar, and an HMAC under the app secret, which anybody who has that can make and nobody else. It has no end of its own. As in
/// the Cloud API, the app secret itself after the bar is as good.
/// </summary>
internal static class AppToken
{
    private const char Bar = '|';
    private static ReadOnlySpan<byte> Purpose => "relay app access token 1"u8;

    /// <param name="appId">The app.</param>
    /// <param name="appSecret">The secret that it was asked with: while one is rotated there are two, and the token of the old one ends with it.</param>
    internal static Secret Create(string appId, Secret appSecret) => new(appId + Bar + Compute(appSecret));

    /// <summary>Whether a token has the form of an app's; says of which.</summary>
    internal static bool TryReadApp(Secret? token, [NotNullWhen(true)] out string? app)
    {
        app = token?.Reveal() is { } text && text.IndexOf(Bar, StringComparison.Ordinal) is > 0 and var at && NumericId.IsValid(text[..at]) ? text[..at] : null;
        return app is not null;
    }

    /// <summary>Compares in constant time, both forms.</summary>
    internal static bool IsOf(Business business, Secret token, DateTimeOffset now)
    {
        string text = token.Reveal();
        string secret = text[(text.IndexOf(Bar, StringComparison.Ordinal) + 1)..];
        return SecretsOf(business, now).Any(one => new Secret(Compute(one)).Matches(secret) | one.Matches(secret));
    }

    /// <summary>The app's secret that a text is; null when it is none.</summary>
    internal static Secret? FindSecret(Business business, string text, DateTimeOffset now) => SecretsOf(business, now).FirstOrDefault(one => one.Matches(text));

    private static Secret[] SecretsOf(Business business, DateTimeOffset now) =>
        business.PreviousAppSecret is { } previous && now < previous.Until ? [business.AppSecret, previous.Secret] : [business.AppSecret];

    private static string Compute(Secret appSecret) => Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.ASCII.GetBytes(appSecret.Reveal()), Purpose));
}

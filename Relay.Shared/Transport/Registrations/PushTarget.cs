using System.Text;
using Relay.Shared.Primitives;

namespace Relay.Shared.Transport.Registrations;

/// <summary>Where and under which secret envelopes of a business number are pushed.</summary>
public sealed class PushTarget(Uri url, SecretBytes secret) : IDisposable
{
    public const int SecretSize = 32;
    public const int MaxUrlLength = 1024;

    public Uri Url { get; } = url;

    public SecretBytes Secret { get; } = secret;

    /// <summary>An absolute http or https address without user name and fragment.</summary>
    internal static bool TryParseUrl(string text, out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url)
        && text.Length <= MaxUrlLength
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url.UserInfo.Length == 0
        && url.Fragment.Length == 0;

    /// <summary>The secret, then the address in UTF-8.</summary>
    internal byte[] ToBytes() => [.. Secret.Reveal(), .. Encoding.UTF8.GetBytes(Url.AbsoluteUri)];

    internal static PushTarget FromBytes(ReadOnlySpan<byte> bytes) =>
        new(new Uri(Encoding.UTF8.GetString(bytes[SecretSize..])), SecretBytes.CopyOf(bytes[..SecretSize]));

    public void Dispose() => Secret.Dispose();
}

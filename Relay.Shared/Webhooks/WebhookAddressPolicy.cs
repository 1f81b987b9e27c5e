using System.Net;

namespace Relay.Shared.Webhooks;

/// <summary>
/// Which addresses a webhook may have: https on port 443 with a host name; and, only where configuration says so (local runs),
/// http or https on loopback. What a name resolves to is checked at each connection (<see cref="PublicConnect"/>).
/// </summary>
public sealed class WebhookAddressPolicy(bool allowLoopback)
{
    public const int MaxLength = 2_048;

    public string Describe(int maxLength = MaxLength) => allowLoopback
        ? $"an https address with a host name, or an http address on loopback, at most {maxLength:N0} characters, without user information or fragment"
        : $"an https address on port 443 with a host name, at most {maxLength:N0} characters, without user information or fragment";

    /// <summary>The address, or null when it may not be used.</summary>
    public Uri? Parse(string? text)
    {
        if (text is null or { Length: 0 or > MaxLength }
            || !Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
            || uri.UserInfo.Length > 0
            || uri.Fragment.Length > 0)
        {
            return null;
        }

        if (uri.IsLoopback)
        {
            return allowLoopback && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) ? uri : null;
        }

        return uri.Scheme == Uri.UriSchemeHttps && uri.Port == 443 && uri.HostNameType == UriHostNameType.Dns && IsPublicName(uri.IdnHost.ToLowerInvariant()) ? uri : null;
    }

    /// <summary>A name below some domain, without the root's dot: that is a second spelling, also of <c>localhost.</c> and of addresses.</summary>
    private static bool IsPublicName(string host) =>
        host.Contains('.', StringComparison.Ordinal)
        && !host.EndsWith('.')
        && !host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        && !IPAddress.TryParse(host, out _)
        && EndsInAName(host);

    /// <summary>No top-level domain is a number; what ends in one is an address to some resolver, in whatever digits.</summary>
    private static bool EndsInAName(string host) => host.AsSpan(host.LastIndexOf('.') + 1).ContainsAnyInRange('a', 'z');
}

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Relay.Shared.Primitives;

namespace Relay.Functions.Http;

/// <summary>Finds the access token: <c>Authorization: Bearer …</c>, or else <c>?access_token=…</c>. What can't be one is none.</summary>
internal static class AccessToken
{
    private const string Scheme = "Bearer ";
    private const string Parameter = "access_token";
    private const int MaxLength = 1_024;

    /// <summary>A directory's tokens are longer than Relay's own.</summary>
    internal const int MaxAdminLength = 8_192;

    internal static Secret? Read(HttpRequest request, int maxLength = MaxLength)
    {
        StringValues header = request.Headers.Authorization;
        return header is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? ToSecret(value.AsSpan(Scheme.Length).Trim(' '), maxLength)
            : request.Query[Parameter] is [{ } token] ? ToSecret(token, maxLength) : null;
    }

    private static Secret? ToSecret(ReadOnlySpan<char> token, int maxLength) =>
        token.Length > 0 && token.Length <= maxLength && !token.ContainsAnyExceptInRange('!', '~') ? new Secret(token.ToString()) : null;
}

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

    internal static Secret? Read(HttpRequest request)
    {
        StringValues header = request.Headers.Authorization;
        return header is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? ToSecret(value.AsSpan(Scheme.Length).Trim(' '))
            : request.Query[Parameter] is [{ } token] ? ToSecret(token) : null;
    }

    private static Secret? ToSecret(ReadOnlySpan<char> token) =>
        token.Length is > 0 and <= MaxLength && !token.ContainsAnyExceptInRange('!', '~') ? new Secret(token.ToString()) : null;
}

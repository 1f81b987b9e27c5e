using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Relay.Tests.KeyVault;

/// <summary>An answer of the emulated vault; errors in the shape that Key Vault's have.</summary>
internal sealed record VaultAnswer(HttpStatusCode Status, JsonObject Body)
{
    internal static readonly VaultAnswer Unknown = Error(HttpStatusCode.NotFound, "NotFound", "There is no such operation.");

    internal static readonly VaultAnswer BadVersion = Error(HttpStatusCode.BadRequest, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.");

    internal static readonly VaultAnswer BadParameter = Error(HttpStatusCode.BadRequest, "BadParameter", "The parameter is incorrect.\r\n");

    internal static VaultAnswer Of(JsonObject body) => new(HttpStatusCode.OK, body);

    internal static VaultAnswer NotFound(string name) => Error(
        HttpStatusCode.NotFound, "KeyNotFound", $"A key with (name/id) {name} was not found in this key vault. If you recently deleted this key you may be able to recover it using the correct recovery command.");

    internal static VaultAnswer Deleted(string name) => Error(
        HttpStatusCode.Conflict,
        "Conflict",
        $"Key {name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the key can only be recovered or purged.",
        "ObjectIsDeletedButRecoverable");

    internal static VaultAnswer Disabled(string operation) => Error(
        HttpStatusCode.Forbidden, "Forbidden", $"Operation {operation} is not allowed on a disabled key.", "KeyDisabled");

    internal static VaultAnswer NotPermitted(string operation) => Error(
        HttpStatusCode.Forbidden, "Forbidden", $"Operation {operation} is not permitted on this key.", "KeyOperationForbidden");

    internal static VaultAnswer Denied(string resource) => Error(
        HttpStatusCode.Forbidden,
        "Forbidden",
        $"Caller is not authorized to perform action on resource.\r\nVault: fake;location=nowhere\r\nResource: {resource}",
        "ForbiddenByRbac");

    internal static VaultAnswer Throttled() => Error(
        HttpStatusCode.TooManyRequests, "Throttled", "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached");

    internal static VaultAnswer Unavailable() => Error(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable", "The service is unavailable.");

    /// <summary>What a call without a token gets: where to get one, and for what.</summary>
    internal static HttpResponseMessage Challenge()
    {
        HttpResponseMessage response = Error(HttpStatusCode.Unauthorized, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.").ToResponse();
        response.Headers.WwwAuthenticate.Add(new AuthenticationHeaderValue(
            "Bearer", "authorization=\"https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001\", resource=\"https://vault.azure.net\""));
        return response;
    }

    internal HttpResponseMessage ToResponse()
    {
        HttpResponseMessage response = new(Status) { Content = new StringContent(Body.ToJsonString(), Encoding.UTF8, "application/json") };
        if (Status == HttpStatusCode.TooManyRequests)
        {
            response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.Zero);
        }

        return response;
    }

    private static VaultAnswer Error(HttpStatusCode status, string code, string message, string? inner = null)
    {
        JsonObject error = new() { ["code"] = code, ["message"] = message };
        if (inner is not null)
        {
            error["innererror"] = new JsonObject { ["code"] = inner };
        }

        return new VaultAnswer(status, new JsonObject { ["error"] = error });
    }
}

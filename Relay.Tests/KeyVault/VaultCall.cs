using System.Text.Json.Nodes;

namespace Relay.Tests.KeyVault;

/// <param name="Operation">As the protocol calls it: <c>create</c>, <c>get</c>, <c>unwrapKey</c>, <c>wrapKey</c>, <c>sign</c>, <c>verify</c>, <c>delete</c>, <c>recover</c>.</param>
/// <param name="Name">The key.</param>
/// <param name="Version">Null where none was named.</param>
/// <param name="Body">Null where there was none.</param>
internal sealed record VaultCall(string Operation, string Name, string? Version, JsonObject? Body)
{
    private static readonly string[] s_withKey = ["wrapKey", "unwrapKey", "sign", "verify"];

    /// <summary>Null for what the protocol doesn't have.</summary>
    internal static async Task<VaultCall?> ReadAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string[] path = request.RequestUri?.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries) ?? [];
        string? operation = (request.Method.Method, path) switch
        {
            ("GET", ["keys", _]) or ("GET", ["keys", _, _]) => "get",
            ("POST", ["keys", _, "create"]) => "create",
            ("POST", ["keys", _, _, var work]) => s_withKey.FirstOrDefault(known => string.Equals(known, work, StringComparison.OrdinalIgnoreCase)),
            ("DELETE", ["keys", _]) => "delete",
            ("POST", ["deletedkeys", _, "recover"]) => "recover",
            _ => null,
        };
        if (operation is null)
        {
            return null;
        }

        string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        string? version = operation is "create" or "delete" or "recover" ? null : path.ElementAtOrDefault(2);
        return new VaultCall(operation, path[1], version, body.Length == 0 ? null : JsonNode.Parse(body)?.AsObject());
    }
}

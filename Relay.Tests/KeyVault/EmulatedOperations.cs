using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Relay.Tests.KeyVault;

/// <summary>What one version of a key does.</summary>
internal static class EmulatedOperations
{
    internal static VaultAnswer Do(VaultCall call, EmulatedKeyVersion version)
    {
        if (!version.IsEnabled)
        {
            return VaultAnswer.Disabled(call.Operation);
        }

        if (call.Operation == "get")
        {
            return VaultAnswer.Of(version.ToBundle());
        }

        if (!version.Allows(call.Operation))
        {
            return VaultAnswer.NotPermitted(call.Operation);
        }

        JsonNode? result = Compute(call, version.Key);
        return result is null ? VaultAnswer.BadParameter : VaultAnswer.Of(new JsonObject { ["kid"] = version.Id, ["value"] = result });
    }

    private static JsonNode? Compute(VaultCall call, AsymmetricAlgorithm key)
    {
        byte[] value = Base64Url.Read((string?)call.Body?["value"]);
        try
        {
            return ((string?)call.Body?["alg"], call.Operation, key) switch
            {
                ("RSA-OAEP-256", "unwrapKey", RSA rsa) => Base64Url.Of(rsa.Decrypt(value, RSAEncryptionPadding.OaepSHA256)),
                ("RSA-OAEP-256", "wrapKey", RSA rsa) => Base64Url.Of(rsa.Encrypt(value, RSAEncryptionPadding.OaepSHA256)),
                ("ES256", "sign", ECDsa ecdsa) => Base64Url.Of(ecdsa.SignHash(value)),
                ("ES256", "verify", ECDsa ecdsa) => ecdsa.VerifyHash(Base64Url.Read((string?)call.Body?["digest"]), value),
                _ => null,
            };
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Relay.Tests.KeyVault;

/// <summary>A key with its versions, the youngest last. Deletion takes them all.</summary>
internal sealed class EmulatedKey(string name)
{
    public string Name { get; } = name;

    public List<EmulatedKeyVersion> Versions { get; } = [];

    public bool IsDeleted { get; set; }

    public EmulatedKeyVersion? Find(string? version) => version is null ? Versions.LastOrDefault() : Versions.Find(one => one.Version == version);
}

/// <summary>One version: its key pair, and what may be done with it.</summary>
internal sealed class EmulatedKeyVersion(string address, AsymmetricAlgorithm key, IReadOnlyList<string> operations)
{
    public string Version { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public AsymmetricAlgorithm Key { get; } = key;

    public IReadOnlyList<string> Operations { get; } = operations;

    public bool IsEnabled { get; set; } = true;

    public string Id => $"{address}/{Version}";

    public bool Allows(string operation) => Operations.Contains(operation);

    /// <summary>The public half and its attributes.</summary>
    public JsonObject ToBundle()
    {
        JsonObject key = new() { ["kid"] = Id, ["key_ops"] = new JsonArray([.. Operations.Select(operation => JsonValue.Create(operation))]) };
        switch (Key)
        {
            case RSA rsa:
                RSAParameters numbers = rsa.ExportParameters(includePrivateParameters: false);
                (key["kty"], key["n"], key["e"]) = ("RSA", Base64Url.Of(numbers.Modulus), Base64Url.Of(numbers.Exponent));
                break;
            case ECDsa ecdsa:
                ECPoint point = ecdsa.ExportParameters(includePrivateParameters: false).Q;
                (key["kty"], key["crv"], key["x"], key["y"]) = ("EC", "P-256", Base64Url.Of(point.X), Base64Url.Of(point.Y));
                break;
        }

        return new JsonObject
        {
            ["key"] = key,
            ["attributes"] = new JsonObject
            {
                ["enabled"] = IsEnabled,
                ["created"] = 1_795_000_000,
                ["updated"] = 1_795_000_000,
                ["recoveryLevel"] = "CustomizedRecoverable+Purgeable",
                ["recoverableDays"] = 7,
            },
        };
    }
}

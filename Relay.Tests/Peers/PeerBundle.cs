using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Shared.Signal;

namespace Relay.Tests.Peers;

/// <summary>A bundle as peers take and give it. The one place to change when bundles get more keys.</summary>
internal static class PeerBundle
{
    public static JsonObject Write(PreKeyBundle bundle)
    {
        JsonObject json = new()
        {
            ["registrationId"] = bundle.RegistrationId,
            ["deviceId"] = bundle.DeviceId,
            ["identityKey"] = Convert.ToBase64String(bundle.IdentityKey.Serialized),
            ["signedPreKeyId"] = bundle.SignedPreKeyId,
            ["signedPreKey"] = Convert.ToBase64String(bundle.SignedPreKey.Serialized),
            ["signedPreKeySignature"] = Convert.ToBase64String(bundle.SignedPreKeySignature.Span),
        };
        if (bundle is { PreKeyId: { } id, PreKey: { } key })
        {
            json["preKeyId"] = id;
            json["preKey"] = Convert.ToBase64String(key.Serialized);
        }

        return json;
    }

    public static PreKeyBundle Read(JsonElement json) => new()
    {
        RegistrationId = json.GetProperty("registrationId").GetUInt32(),
        DeviceId = json.GetProperty("deviceId").GetUInt32(),
        IdentityKey = Key(json.GetProperty("identityKey")),
        SignedPreKeyId = json.GetProperty("signedPreKeyId").GetUInt32(),
        SignedPreKey = Key(json.GetProperty("signedPreKey")),
        SignedPreKeySignature = json.GetProperty("signedPreKeySignature").GetBytesFromBase64(),
        PreKeyId = json.TryGetProperty("preKeyId", out JsonElement id) ? id.GetUInt32() : null,
        PreKey = json.TryGetProperty("preKey", out JsonElement key) ? Key(key) : null,
    };

    private static PublicKey Key(JsonElement text) =>
        PublicKey.TryParse(text.GetBytesFromBase64(), out PublicKey? key) ? key : throw new InvalidDataException("Not a public key.");
}

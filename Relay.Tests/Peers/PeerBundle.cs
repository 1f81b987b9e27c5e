using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;

namespace Relay.Tests.Peers;

/// <summary>A bundle as peers take and give it.</summary>
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

        if (bundle is { KyberPreKeyId: { } kyberId, KyberPreKey: { } kyber })
        {
            json["kyberPreKeyId"] = kyberId;
            json["kyberPreKey"] = Convert.ToBase64String(kyber.Serialized);
            json["kyberPreKeySignature"] = Convert.ToBase64String(bundle.KyberPreKeySignature.Span);
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
        KyberPreKeyId = json.TryGetProperty("kyberPreKeyId", out JsonElement kyberId) ? kyberId.GetUInt32() : null,
        KyberPreKey = json.TryGetProperty("kyberPreKey", out JsonElement kyber) ? KyberKey(kyber) : null,
        KyberPreKeySignature = json.TryGetProperty("kyberPreKeySignature", out JsonElement signature) ? signature.GetBytesFromBase64() : default,
    };

    private static KyberPublicKey KyberKey(JsonElement text) =>
        KyberPublicKey.TryParse(text.GetBytesFromBase64(), out KyberPublicKey? key) ? key : throw new InvalidDataException("Not a Kyber key.");

    private static PublicKey Key(JsonElement text) =>
        PublicKey.TryParse(text.GetBytesFromBase64(), out PublicKey? key) ? key : throw new InvalidDataException("Not a public key.");
}

using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;

namespace Relay.Phone.State;

/// <summary>Secrets as JSON, for the state alone: what is written here goes nowhere but through <see cref="SealedState"/>.</summary>
internal static class SealedJson
{
    internal sealed class Bytes : JsonConverter<SecretBytes>
    {
        public override SecretBytes Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            SecretBytes.Own(reader.GetBytesFromBase64());

        public override void Write(Utf8JsonWriter writer, SecretBytes value, JsonSerializerOptions options) =>
            writer.WriteBase64StringValue(value.Reveal());
    }

    internal sealed class Text : JsonConverter<Secret>
    {
        public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.GetString() ?? throw new JsonException());

        public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Reveal());
    }

    internal sealed class Identity : JsonConverter<IdentityKeyPair>
    {
        public override IdentityKeyPair Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using SecretBytes key = SecretBytes.Own(reader.GetBytesFromBase64());
            return IdentityKeyPair.Import(key.Reveal());
        }

        public override void Write(Utf8JsonWriter writer, IdentityKeyPair value, JsonSerializerOptions options)
        {
            Span<byte> key = stackalloc byte[SignalLimits.PrivateKeyBytes];
            value.ExportPrivate(key);
            writer.WriteBase64StringValue(key);
            CryptographicOperations.ZeroMemory(key);
        }
    }
}

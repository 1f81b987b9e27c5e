using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relay.Shared.Primitives;

/// <summary>Makes JSON refuse a type that must not leave the process by accident.</summary>
public sealed class NeverSerialised<T> : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new JsonException($"{typeof(T).Name} is never read from JSON.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        throw new JsonException($"{typeof(T).Name} is never written to JSON.");
}

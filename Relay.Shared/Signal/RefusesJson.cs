using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relay.Shared.Signal;

/// <summary>Makes JSON refuse a type that holds keys: <see cref="object.ToString"/> alone wouldn't keep them from a serialiser.</summary>
public sealed class RefusesJson<T> : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new JsonException($"{typeof(T).Name} is never read from JSON.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        throw new JsonException($"{typeof(T).Name} is never written to JSON.");
}

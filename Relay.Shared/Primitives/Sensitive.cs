using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relay.Shared.Primitives;

/// <summary>Personal content (text, a name) that can't print or serialise itself; <see cref="Reveal"/> is the only way out.</summary>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(NeverSensitive))]
public sealed class Sensitive<T>(T value)
{
    public T Reveal() => value;

    public override string ToString() => "[redacted]";
}

/// <summary><see cref="NeverSerialised{T}"/> for every <see cref="Sensitive{T}"/>: an attribute can't name a type's own argument.</summary>
internal sealed class NeverSensitive : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => true;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        throw new JsonException("Sensitive content is never read from or written to JSON.");
}

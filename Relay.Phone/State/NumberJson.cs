using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Shared.Primitives;

namespace Relay.Phone.State;

/// <summary>A number with its plus, where one is meant to be written: the user's own output and the encrypted state.</summary>
internal sealed class NumberJson : JsonConverter<PhoneNumber>
{
    public override PhoneNumber Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        PhoneNumber.TryParse(reader.GetString(), out PhoneNumber? number) ? number : throw new JsonException("Not a number.");

    public override void Write(Utf8JsonWriter writer, PhoneNumber value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.E164);
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relay.Shared.Graph;

/// <summary>Reads JSON that is passed on as it is, and refuses what could not be written again: names or texts that are not valid Unicode.</summary>
internal sealed class WellFormedJsonConverter : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        JsonElement element = JsonElement.ParseValue(ref reader);
        return IsWellFormed(element) ? element : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) => value.WriteTo(writer);

    // As deep as the reader let it be.
    private static bool IsWellFormed(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => JsonText.Read(element) is not null,
        JsonValueKind.Array => element.EnumerateArray().All(IsWellFormed),
        JsonValueKind.Object => element.EnumerateObject().All(member => HasName(member) && IsWellFormed(member.Value)),
        _ => true,
    };

    private static bool HasName(JsonProperty member)
    {
        try
        {
            return member.Name is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}

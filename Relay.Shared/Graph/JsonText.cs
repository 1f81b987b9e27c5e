using System.Text.Json;

namespace Relay.Shared.Graph;

/// <summary>Reads text out of JSON that strangers made.</summary>
internal static class JsonText
{
    /// <summary>Null for what is no text: another kind, a lone surrogate, bytes that aren't UTF-8.</summary>
    internal static string? Read(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Null when there is no such member, or it is no text.</summary>
    internal static string? Read(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) ? Read(value) : null;
}

using System.Text.Json;

namespace Relay.Phone.Messages;

/// <summary>Reads members of a message that somebody else made: whatever is missing or of another kind is null or nothing.</summary>
internal static class Members
{
    /// <summary>A text or a number by its path, as text.</summary>
    internal static string? Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        if (Find(element, path) is not { ValueKind: JsonValueKind.String or JsonValueKind.Number } found)
        {
            return null;
        }

        try
        {
            return found.ToString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return null;
        }
    }

    internal static bool IsTrue(JsonElement element, params ReadOnlySpan<string> path) => Find(element, path) is { ValueKind: JsonValueKind.True };

    /// <summary>The items of a list by its path.</summary>
    internal static IEnumerable<JsonElement> Each(JsonElement element, params ReadOnlySpan<string> path) =>
        Find(element, path) is { ValueKind: JsonValueKind.Array } found ? found.EnumerateArray() : [];

    internal static JsonElement? Find(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }
}

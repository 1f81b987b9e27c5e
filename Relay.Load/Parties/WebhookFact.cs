using System.Text.Json;

namespace Relay.Load.Parties;

/// <summary>One thing that a webhook tells: a user's message with its text, or a status of one of the business's messages.</summary>
/// <param name="MessageId">The <c>wamid</c>.</param>
/// <param name="Text">Of a user's message.</param>
/// <param name="Status">Of the business's message.</param>
internal sealed record WebhookFact(string MessageId, string? Text, string? Status)
{
    /// <summary>The same for every telling of it.</summary>
    public string Key => $"{Status ?? "message"}:{MessageId}";

    /// <exception cref="JsonException">That is no webhook's body.</exception>
    public static IReadOnlyList<WebhookFact> Read(byte[] body)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        List<WebhookFact> facts = [];
        foreach (JsonElement entry in document.RootElement.GetProperty("entry").EnumerateArray())
        {
            foreach (JsonElement change in entry.GetProperty("changes").EnumerateArray())
            {
                JsonElement value = change.GetProperty("value");
                facts.AddRange(Each(value, "messages").Select(message => new WebhookFact(Required(message, "id"), TextOf(message), null)));
                facts.AddRange(Each(value, "statuses").Select(status => new WebhookFact(Required(status, "id"), null, Required(status, "status"))));
            }
        }

        return facts;
    }

    private static JsonElement.ArrayEnumerator Each(JsonElement value, string name) =>
        value.TryGetProperty(name, out JsonElement list) ? list.EnumerateArray() : default;

    private static string Required(JsonElement element, string name) => element.GetProperty(name).GetString() ?? throw new JsonException(name);

    private static string? TextOf(JsonElement message) => message.TryGetProperty("text", out JsonElement text) ? Required(text, "body") : null;
}

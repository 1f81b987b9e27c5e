using System.Text.Json;

namespace Relay.Phone.Messages;

/// <summary>A message for people: every type that a business can send, in a line or a few. Not yet fit for a terminal: it may hold control characters.</summary>
internal static class MessageText
{
    private const int PreviewLength = 40;

    internal static string Of(JsonElement message, string? quote) => Members.Text(message, "type") switch
    {
        "text" => Members.Text(message, "text", "body") ?? "(text)",
        "location" => Location(Members.Find(message, "location") ?? default),
        "contacts" => string.Join("; ", Members.Each(message, "contacts").Select(Contact)),
        "reaction" => Reaction(message, quote),
        "interactive" => Offer(message, Members.Find(message, "interactive") ?? default),
        "template" => Offer(message, Members.Find(message, "template") ?? default),
        { } type => AttachedFile.Find(message) is { } file ? File(file) : $"({type})",
        null => "(message)",
    };

    /// <summary>The first words.</summary>
    internal static string Preview(JsonElement message)
    {
        string text = Of(message, null).ReplaceLineEndings(" ");
        return text.Length <= PreviewLength ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[PreviewLength - 1]) ? PreviewLength - 1 : PreviewLength), "…");
    }

    private static string File(AttachedFile file)
    {
        string kind = file.IsVoice ? "voice message" : file.Kind;
        IEnumerable<string?> facts = [kind, file.FileName, file.MimeType, file.Size];
        return $"[{string.Join(", ", facts.OfType<string>())}]{(file.Caption is { } caption ? $" {caption}" : "")}";
    }

    private static string Location(JsonElement location)
    {
        IEnumerable<string?> words = [Members.Text(location, "name"), Members.Text(location, "address")];
        return $"[location {Members.Text(location, "latitude")}, {Members.Text(location, "longitude")}] {string.Join(", ", words.OfType<string>())}".TrimEnd();
    }

    private static string Contact(JsonElement contact)
    {
        IEnumerable<string?> facts =
        [
            Members.Text(contact, "name", "formatted_name"), Members.Text(contact, "org", "company"), .. Members.Each(contact, "phones").Select(phone => Members.Text(phone, "phone")),
            .. Members.Each(contact, "emails").Select(email => Members.Text(email, "email")), .. Members.Each(contact, "urls").Select(url => Members.Text(url, "url")),
        ];
        return $"[contact] {string.Join(", ", facts.OfType<string>())}";
    }

    private static string Reaction(JsonElement message, string? quote)
    {
        string target = quote is null ? Members.Text(message, "reaction", "id") ?? "a message" : $"\"{quote}\"";
        return Members.Text(message, "reaction", "emoji") is { Length: > 0 } emoji ? $"[reaction {emoji} to {target}]" : $"[reaction taken back from {target}]";
    }

    /// <summary>Header, body, footer, and what can be pressed, numbered.</summary>
    private static string Offer(JsonElement message, JsonElement offer)
    {
        JsonElement header = Members.Find(offer, "header") ?? default;
        IEnumerable<string?> lines =
        [
            Members.Text(header, "text") ?? (Members.Text(header, "type") == "location" ? Location(Members.Find(header, "location") ?? default) : null),
            AttachedFile.Find(message) is { } file ? File(file) : null,
            Members.Text(offer, "body", "text"),
            Members.Text(offer, "footer", "text"),
            .. Choice.Of(message).Select((choice, i) => $"  {i + 1}) {choice.Label}{(choice.Use is { } use ? $": {use}" : "")}"),
        ];
        string[] shown = [.. lines.OfType<string>()];
        return shown.Length > 0 ? string.Join('\n', shown) : $"({Members.Text(message, "type")})";
    }
}

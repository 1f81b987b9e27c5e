using System.Text;
using System.Text.Json;

namespace Relay.Fuzz.Mutating;

/// <summary>Changes the text of JSON where its values and names are, so that the result may be well-formed or not.</summary>
internal static class JsonChange
{
    /// <summary>What was done, and the new text; null for what is no JSON or has no value.</summary>
    internal static (string What, byte[] Body)? Make(byte[] body, Draw draw, IReadOnlyList<string> known)
    {
        List<Span> spans = Find(body);
        if (spans.Count == 0)
        {
            return null;
        }

        Span span = draw.Of(spans);
        string odd = draw.Of(Oddities.Json);
        return (draw.Below(9), span.IsName) switch
        {
            (0, _) => ("json cut", Replace(body, span, string.Empty)),
            (1, true) or (2, true) => ("json name", Replace(body, span, $"\"{draw.Of(Oddities.Members)}\"")),
            (3, true) => ("json name odd", Replace(body, span, odd)),
            (4, true) => ("json member added", Insert(body, span.Start, $"\"{draw.Of(Oddities.Members)}\":{odd},")),
            (5, true) => ("json member doubled", Insert(body, span.Start, $"{Encoding.UTF8.GetString(body, span.Start, span.End - span.Start)}:{odd},")),
            (6, false) => ("json id", Replace(body, span, $"\"{draw.Of(known)}\"")),
            (7, false) => ("json other value", Replace(body, span, Text(body, draw.Of(spans)))),
            (8, false) => ("json wrapped", Replace(body, span, $"[{Text(body, span)}]")),
            _ => ("json value", Replace(body, span, odd)),
        };
    }

    /// <summary>The members of an object as texts: strings without their quotes, all else as it is.</summary>
    internal static IReadOnlyList<(string Name, string Value)> Members(byte[] body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? [.. document.RootElement.EnumerateObject().Select(member => (member.Name, member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() ?? "" : member.Value.GetRawText()))]
                : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    private static string Text(byte[] body, Span span) => Encoding.UTF8.GetString(body, span.Start, span.End - span.Start);

    private static byte[] Replace(byte[] body, Span span, string by) => [.. body[..span.Start], .. Encoding.UTF8.GetBytes(by), .. body[span.End..]];

    private static byte[] Insert(byte[] body, int at, string text) => [.. body[..at], .. Encoding.UTF8.GetBytes(text), .. body[at..]];

    private static List<Span> Find(byte[] body)
    {
        List<Span> spans = [];
        Utf8JsonReader reader = new(body);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    continue;
                }

                int start = (int)reader.TokenStartIndex;
                Utf8JsonReader behind = reader;
                bool isName = reader.TokenType == JsonTokenType.PropertyName;
                if (!isName)
                {
                    behind.Skip();
                }

                // A name's token ends behind its colon.
                spans.Add(new Span(start, isName ? body.AsSpan(0, (int)behind.BytesConsumed).LastIndexOf((byte)'"') + 1 : (int)behind.BytesConsumed, isName));
            }
        }
        catch (JsonException)
        {
            // Up to here it was.
        }

        return spans;
    }

    private readonly record struct Span(int Start, int End, bool IsName);
}

// text = *( any / "{{" name "}}" ); name = 1*32( a-z / 0-9 / "_" ).
using System.Buffers;
using System.Globalization;
using System.Text;

namespace Relay.Shared.Templates;

/// <summary>A text of a template with its places, such as <c>Hi {{1}}</c> or <c>Hi {{first_name}}</c>.</summary>
internal sealed class TemplateText
{
    private const int MaxName = 32;

    private static readonly SearchValues<char> s_letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    private readonly List<(string Text, bool IsPlace)> _parts = [];

    private TemplateText()
    {
    }

    /// <summary>The names of the places, each once, in the order in which they first occur.</summary>
    internal IReadOnlyList<string> Places { get; private set; } = [];

    /// <summary>Whether the text starts or ends with a place.</summary>
    internal bool HasPlaceAtEdge => Places.Count > 0 && (FirstWord is { IsPlace: true } || LastWord is { IsPlace: true });

    /// <summary>Whether every place is a number and they are 1, 2, 3, …; true without places.</summary>
    internal bool IsPositional => Places.Select(Position).Order().SequenceEqual(Enumerable.Range(1, Places.Count));

    /// <summary>Whether every place has a name that is no number; true without places.</summary>
    internal bool IsNamed => Places.All(place => char.IsAsciiLetterLower(place[0]));

    private (string Text, bool IsPlace) FirstWord => _parts.Find(part => part.IsPlace || !string.IsNullOrWhiteSpace(part.Text));

    private (string Text, bool IsPlace) LastWord => _parts.FindLast(part => part.IsPlace || !string.IsNullOrWhiteSpace(part.Text));

    /// <summary>Null when a pair of braces holds no name, or has no end.</summary>
    internal static TemplateText? Parse(string text)
    {
        TemplateText parsed = new();
        int at = 0;
        while (text.IndexOf("{{", at, StringComparison.Ordinal) is >= 0 and var open)
        {
            int close = text.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0 || !IsName(text.AsSpan((open + 2)..close)))
            {
                return null;
            }

            parsed._parts.Add((text[at..open], false));
            parsed._parts.Add((text[(open + 2)..close], true));
            at = close + 2;
        }

        parsed._parts.Add((text[at..], false));
        parsed.Places = [.. parsed._parts.Where(part => part.IsPlace).Select(part => part.Text).Distinct()];
        return parsed;
    }

    /// <summary>The text with what stands in each place.</summary>
    internal string Fill(IReadOnlyDictionary<string, string> values)
    {
        StringBuilder filled = new();
        foreach ((string text, bool isPlace) in _parts)
        {
            filled.Append(isPlace ? values[text] : text);
        }

        return filled.ToString();
    }

    private static bool IsName(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= MaxName && !name.ContainsAnyExcept(s_letters);

    private static int Position(string place) => int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out int position) ? position : 0;
}

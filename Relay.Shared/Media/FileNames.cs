using System.Globalization;
using System.Text;

namespace Relay.Shared.Media;

/// <summary>Makes a name that somebody gave to a file one that no file system, browser or terminal takes for more than a name.</summary>
internal static class FileNames
{
    private const int MaxLength = 240;

    /// <summary>Null when nothing is left of it.</summary>
    internal static string? Clean(string? name)
    {
        if (name is null)
        {
            return null;
        }

        StringBuilder clean = new();
        foreach (Rune rune in name[(name.LastIndexOfAny(['/', '\\']) + 1)..].EnumerateRunes())
        {
            // Marks of direction are format characters: they make a name look as if it ended otherwise.
            bool isPlain = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                && rune != Rune.ReplacementChar && "<>:\"|?*".IndexOf((char)Math.Min(rune.Value, char.MaxValue), StringComparison.Ordinal) < 0;
            if (isPlain && clean.Length + rune.Utf16SequenceLength <= MaxLength)
            {
                clean.Append(rune.ToString());
            }
        }

        string trimmed = clean.ToString().Trim(' ', '.');
        return trimmed.Length == 0 ? null : trimmed;
    }
}

using System.Buffers;
using System.Text.Encodings.Web;

namespace Relay.Shared.Graph;

/// <summary>
/// JSON strings in printable ASCII: <c>"</c>, <c>\</c> and control characters are escaped (short form where JSON has one), all
/// beyond U+007E as lower-case <c>\uxxxx</c> (surrogate pairs above U+FFFF), and nothing else. What clients that serialise again
/// arrive at too, so that a signature over these bytes holds (spec/cloud-api.md §3).
/// </summary>
public sealed class AsciiJsonEncoder : JavaScriptEncoder
{
    private const string Printable = " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~";
    private const int EscapeLength = 6;

    private static readonly SearchValues<char> Plain = SearchValues.Create(Printable);

    private AsciiJsonEncoder()
    {
    }

    public static AsciiJsonEncoder Instance { get; } = new();

    /// <summary>A surrogate pair: two escapes.</summary>
    public override int MaxOutputCharactersPerInputCharacter => 2 * EscapeLength;

    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < 0x20 or > 0x7e or '"' or '\\';

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength) =>
        new ReadOnlySpan<char>(text, textLength).IndexOfAnyExcept(Plain);

    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        Span<char> target = new(buffer, bufferLength);
        numberOfCharactersWritten = 0;
        char? shortForm = ShortForm(unicodeScalar);
        int length = shortForm is not null ? 2 : unicodeScalar > char.MaxValue ? 2 * EscapeLength : EscapeLength;
        if (target.Length < length)
        {
            return false;
        }

        if (shortForm is { } letter)
        {
            target[0] = '\\';
            target[1] = letter;
        }
        else if (length == EscapeLength)
        {
            Escape(target, unicodeScalar);
        }
        else
        {
            Escape(target, 0xd800 + ((unicodeScalar - 0x10000) >> 10));
            Escape(target[EscapeLength..], 0xdc00 + ((unicodeScalar - 0x10000) & 0x3ff));
        }

        numberOfCharactersWritten = length;
        return true;
    }

    private static char? ShortForm(int scalar) => scalar switch
    {
        '"' => '"',
        '\\' => '\\',
        '\b' => 'b',
        '\f' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        _ => null,
    };

    private static void Escape(Span<char> target, int codeUnit)
    {
        const string hex = "0123456789abcdef";
        target[0] = '\\';
        target[1] = 'u';
        for (int i = 0; i < 4; i++)
        {
            target[2 + i] = hex[(codeUnit >> (12 - (4 * i))) & 0xf];
        }
    }
}

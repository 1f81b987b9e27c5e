using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace Relay.Shared.Primitives;

/// <summary>
/// JSON strings as short as UTF-8 allows: only <c>"</c>, <c>\</c> and control characters are escaped. The framework's relaxed encoder
/// escapes everything above U+FFFF too, which makes 12 bytes of each emoji.
/// </summary>
internal sealed class CompactJsonEncoder : JavaScriptEncoder
{
    private const int EscapeLength = 6;

    private CompactJsonEncoder()
    {
    }

    internal static CompactJsonEncoder Instance { get; } = new();

    public override int MaxOutputCharactersPerInputCharacter => EscapeLength;

    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < 0x20 or '"' or '\\';

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        ReadOnlySpan<char> rest = new(text, textLength);
        int at = 0;
        while (at < rest.Length)
        {
            // What is no character at all (half a surrogate pair) is left to the caller, which replaces it.
            if (Rune.DecodeFromUtf16(rest[at..], out Rune rune, out int length) != OperationStatus.Done || WillEncode(rune.Value))
            {
                return at;
            }

            at += length;
        }

        return -1;
    }

    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        string escaped = unicodeScalar switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            < 0x20 => $"\\u{unicodeScalar:x4}",
            _ => new Rune(unicodeScalar).ToString(),
        };
        bool fits = escaped.TryCopyTo(new Span<char>(buffer, bufferLength));
        numberOfCharactersWritten = fits ? escaped.Length : 0;
        return fits;
    }
}

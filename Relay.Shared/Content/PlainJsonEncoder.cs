using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using Relay.Shared.Graph;

namespace Relay.Shared.Content;

/// <summary>
/// JSON strings as short as they get: only <c>"</c>, <c>\</c> and control characters are escaped. The framework's most relaxed
/// encoder still writes every emoji as 12 characters, which would make a text of the allowed length too large.
/// </summary>
internal sealed class PlainJsonEncoder : JavaScriptEncoder
{
    private PlainJsonEncoder()
    {
    }

    public static PlainJsonEncoder Instance { get; } = new();

    public override int MaxOutputCharactersPerInputCharacter => AsciiJsonEncoder.Instance.MaxOutputCharactersPerInputCharacter;

    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < 0x20 or '"' or '\\' or 0x7f;

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        ReadOnlySpan<char> all = new(text, textLength);
        for (int at = 0; at < all.Length;)
        {
            // Half a surrogate pair is for the framework to replace.
            if (Rune.DecodeFromUtf16(all[at..], out Rune rune, out int length) != OperationStatus.Done || WillEncode(rune.Value))
            {
                return at;
            }

            at += length;
        }

        return -1;
    }

    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        AsciiJsonEncoder.Instance.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
}

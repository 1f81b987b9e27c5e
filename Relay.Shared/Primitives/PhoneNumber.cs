using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Relay.Shared.Primitives;

/// <summary>
/// A telephone number in international form, kept as digits without plus (the Cloud API's <c>wa_id</c>); 7 to 15 digits
/// (ITU-T E.164). Prints only its last two digits.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
[JsonConverter(typeof(NeverSerialised<PhoneNumber>))]
public sealed class PhoneNumber : IEquatable<PhoneNumber>
{
    private readonly string _digits;

    private PhoneNumber(string digits) => _digits = digits;

    /// <summary>Digits only, no plus. The way out for wire formats; never for logs or keys.</summary>
    public string Digits => _digits;

    /// <summary>With a leading plus (E.164).</summary>
    public string E164 => "+" + _digits;

    /// <summary>Accepts digits with an optional leading plus, and spaces, dots, hyphens and parentheses between them.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PhoneNumber? number)
    {
        number = null;
        if (text is null or { Length: 0 or > 40 })
        {
            return false;
        }

        Span<char> digits = stackalloc char[15];
        int count = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsAsciiDigit(c))
            {
                if (count == digits.Length)
                {
                    return false;
                }

                digits[count++] = c;
            }
            else if (!(c == '+' && i == text.AsSpan().IndexOfAnyExcept(' ', '(')) && c is not (' ' or '-' or '.' or '(' or ')'))
            {
                return false;
            }
        }

        if (count < 7 || digits[0] == '0')
        {
            return false;
        }

        number = new PhoneNumber(new string(digits[..count]));
        return true;
    }

    public bool Equals(PhoneNumber? other) => other is not null && string.Equals(_digits, other._digits, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as PhoneNumber);

    public override int GetHashCode() => string.GetHashCode(_digits, StringComparison.Ordinal);

    public override string ToString() => "…" + _digits[^2..];
}

using System.Security.Cryptography;

namespace Relay.Shared.Primitives;

/// <summary>What the Graph's ids have in common: 1 to 20 decimal digits, here 15 when Relay makes them.</summary>
internal static class NumericId
{
    internal const int MaxLength = 20;

    internal static bool IsValid([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    /// <summary>A random id of 15 digits that doesn't start with 0.</summary>
    internal static string Create()
    {
        Span<char> digits = stackalloc char[15];
        digits[0] = (char)('1' + RandomNumberGenerator.GetInt32(9));
        for (int i = 1; i < digits.Length; i++)
        {
            digits[i] = (char)('0' + RandomNumberGenerator.GetInt32(10));
        }

        return new string(digits);
    }
}

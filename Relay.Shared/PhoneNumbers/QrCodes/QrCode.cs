using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Relay.Shared.PhoneNumbers.QrCodes;

/// <summary>A QR code as it is kept: its text, and when it was made (Unix seconds).</summary>
internal sealed record QrCode(string Message, long MadeAt)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int Length = 14;

    internal static string CreateCode() => RandomNumberGenerator.GetString(Alphabet, Length);

    /// <summary>Whether a text may be a code.</summary>
    internal static bool IsCode([NotNullWhen(true)] string? text) => text is { Length: Length } && text.All(c => c is (>= 'A' and <= 'Z') or (>= '2' and <= '7'));

    public override string ToString() => nameof(QrCode);
}

[JsonSerializable(typeof(QrCode))]
internal sealed partial class QrCodeJson : JsonSerializerContext;

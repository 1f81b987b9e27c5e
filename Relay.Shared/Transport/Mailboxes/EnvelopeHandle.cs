using System.Globalization;
using System.Security.Cryptography;

namespace Relay.Shared.Transport.Mailboxes;

/// <summary>
/// The row key of an envelope: <c>M:</c>, its time of arrival in ticks (19 digits), a hyphen and 16 random hex digits. Sorts by
/// arrival and says nothing but that.
/// </summary>
internal static class EnvelopeHandle
{
    internal const string Prefix = "M:";

    private const int TickDigits = 19;
    private const int RandomBytes = 8;
    private const int Length = 2 + TickDigits + 1 + (2 * RandomBytes);

    internal static string Create(DateTimeOffset now) =>
        $"{From(now)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes))}";

    /// <summary>Where the envelopes taken at <paramref name="time"/> or later begin.</summary>
    internal static string From(DateTimeOffset time) => Prefix + time.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    internal static bool IsValid(string? text) =>
        text is { Length: Length }
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.AsSpan(Prefix.Length, TickDigits).IndexOfAnyExceptInRange('0', '9') < 0
        && text[Prefix.Length + TickDigits] == '-'
        && text.Skip(Prefix.Length + TickDigits + 1).All(char.IsAsciiHexDigitLower);
}

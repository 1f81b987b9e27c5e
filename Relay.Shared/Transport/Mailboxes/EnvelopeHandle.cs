using System.Globalization;
using System.Security.Cryptography;

namespace Relay.Shared.Transport.Mailboxes;

/// <summary>
/// The row key of an envelope: <c>M:</c>, its time of arrival in ticks (19 digits), a hyphen, one hex digit of a keyed hash of the sender (its
/// lane) and 15 random ones. Sorts by arrival and says nothing but that.
/// </summary>
internal static class EnvelopeHandle
{
    internal const string Prefix = "M:";

    private const int TickDigits = 19;
    private const int RandomBytes = 8;
    internal const int Length = 2 + TickDigits + 1 + (2 * RandomBytes);

    internal static string Create(DateTimeOffset now, char lane) =>
        $"{From(now)}-{lane}{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes))[1..]}";

    /// <summary>The same for all envelopes of one sender; shared by a sixteenth of all senders.</summary>
    internal static char LaneOf(string handle) => handle[Prefix.Length + TickDigits + 1];

    /// <summary>Where the envelopes taken at <paramref name="time"/> or later begin.</summary>
    internal static string From(DateTimeOffset time) => Prefix + time.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    internal static bool IsValid(string? text) =>
        text is { Length: Length }
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.AsSpan(Prefix.Length, TickDigits).IndexOfAnyExceptInRange('0', '9') < 0
        && text[Prefix.Length + TickDigits] == '-'
        && text.Skip(Prefix.Length + TickDigits + 1).All(char.IsAsciiHexDigitLower);
}

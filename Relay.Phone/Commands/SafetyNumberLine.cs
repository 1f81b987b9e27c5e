using System.Text.Json.Serialization;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;

namespace Relay.Phone.Commands;

/// <summary>A safety number as <c>safety-number --json</c> prints it: twelve groups of five digits.</summary>
internal sealed class SafetyNumberLine
{
    private const int GroupDigits = 5;
    private const int GroupsPerLine = 4;

    [JsonConverter(typeof(NumberJson))]
    public required PhoneNumber With { get; init; }

    public required string SafetyNumber { get; init; }

    internal static SafetyNumberLine Of(PhoneNumber with, SafetyNumber number) =>
        new() { With = with, SafetyNumber = string.Join(' ', Groups(number)) };

    /// <summary>Three lines of four groups, as other devices show them.</summary>
    internal static string ToLines(SafetyNumber number) =>
        string.Join('\n', Groups(number).Chunk(GroupsPerLine).Select(groups => string.Join(' ', groups)));

    private static IEnumerable<string> Groups(SafetyNumber number) =>
        number.Digits.Chunk(GroupDigits).Select(digits => new string(digits));
}

using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Relay.Shared.Primitives;

namespace Relay.Shared.Idempotency;

/// <summary>
/// What a client names a request by, so that its repeats change nothing: 1 to 255 visible ASCII characters. Clients put anything into it,
/// so it can't print itself.
/// </summary>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(NeverSerialised<IdempotencyKey>))]
public sealed class IdempotencyKey
{
    public const int MaxLength = 255;

    private readonly string _value;

    private IdempotencyKey(string value) => _value = value;

    public static bool TryParse(string? text, [NotNullWhen(true)] out IdempotencyKey? key)
    {
        key = text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExceptInRange('!', '~') ? new IdempotencyKey(text) : null;
        return key is not null;
    }

    /// <summary>For the keyed hash that stands for it.</summary>
    internal string Reveal() => _value;

    public override string ToString() => "[redacted]";
}

using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Relay.Shared.Primitives;

/// <summary>A secret text (token, credential, connection string) that can't print, convert or serialise itself.</summary>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(NeverSerialised<Secret>))]
public sealed class Secret
{
    private readonly string _value;

    /// <param name="value">The secret; not empty.</param>
    public Secret(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        _value = value;
    }

    /// <summary>The only way out.</summary>
    public string Reveal() => _value;

    /// <summary>Compares in constant time (for equal lengths).</summary>
    public bool Matches(ReadOnlySpan<char> candidate)
    {
        byte[] theirs = new byte[Encoding.UTF8.GetMaxByteCount(candidate.Length)];
        int length = Encoding.UTF8.GetBytes(candidate, theirs);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(_value), theirs.AsSpan(0, length));
    }

    public override string ToString() => "[redacted]";
}

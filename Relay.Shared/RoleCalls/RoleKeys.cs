using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Relay.Shared.Primitives;

namespace Relay.Shared.RoleCalls;

/// <summary>
/// The key that one role proves itself to another with: it signs and never travels. While it is changed the setting holds two, with a comma between
/// them: the first signs, both are believed.
/// </summary>
[JsonConverter(typeof(NeverSerialised<RoleKeys>))]
public sealed class RoleKeys
{
    private const int MaxKeys = 2;

    private readonly byte[][] _keys;

    /// <exception cref="ArgumentException">There is no key in the text, or there are more than two.</exception>
    public RoleKeys(Secret text)
    {
        string[] keys = text.Reveal().Split(',', StringSplitOptions.TrimEntries);
        _keys = keys.Length <= MaxKeys && keys.All(key => key.Length > 0)
            ? [.. keys.Select(Encoding.UTF8.GetBytes)]
            : throw new ArgumentException("One key, or two with a comma between them.", nameof(text));
    }

    internal ReadOnlySpan<byte> Signing => _keys[0];

    internal IReadOnlyList<byte[]> Believed => _keys;

    /// <summary>Whether whoever has the one could sign what the other is for.</summary>
    public bool Shares(RoleKeys other) => _keys.Any(key => other._keys.Any(one => CryptographicOperations.FixedTimeEquals(key, one)));

    public override string ToString() => nameof(RoleKeys);
}

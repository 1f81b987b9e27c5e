using System.Diagnostics;
using System.Text.Json.Serialization;
using Relay.Shared.Primitives;

namespace Relay.Shared.Sealing;

/// <summary>
/// The use of a key that the cache holds, without a copy of it: the bytes stay until this is disposed, also if the key leaves the cache
/// meanwhile. Disposing it twice, or a copy of it, is harmless; it prints and serialises nothing.
/// </summary>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(NeverSerialised<KeyLease>))]
public readonly struct KeyLease : IDisposable
{
    private readonly SharedKey? _key;
    private readonly long _ticket;

    internal KeyLease(SharedKey key, long ticket) => (_key, _ticket) = (key, ticket);

    /// <summary>The only way out; the span is valid until dispose.</summary>
    /// <exception cref="ObjectDisposedException">The lease is over.</exception>
    public ReadOnlySpan<byte> Reveal() => _key is { } key ? key.Reveal(_ticket) : throw new ObjectDisposedException(nameof(KeyLease));

    /// <summary>A copy that lasts beyond the lease.</summary>
    public SecretBytes Copy() => SecretBytes.CopyOf(Reveal());

    public void Dispose() => _key?.Return(_ticket);

    public override string ToString() => "[redacted]";
}

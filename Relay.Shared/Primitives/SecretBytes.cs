using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Relay.Shared.Primitives;

/// <summary>Key material: owned, wiped on dispose, unable to print, convert or serialise itself.</summary>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(NeverSerialised<SecretBytes>))]
public sealed class SecretBytes : IDisposable
{
    private byte[]? _bytes;

    private SecretBytes(byte[] bytes) => _bytes = bytes;

    /// <summary>Takes ownership: the array is wiped when this is disposed.</summary>
    public static SecretBytes Own(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return new SecretBytes(bytes);
    }

    public static SecretBytes CopyOf(ReadOnlySpan<byte> bytes) => new(bytes.ToArray());

    /// <summary><paramref name="length"/> random bytes from the system's generator.</summary>
    public static SecretBytes Random(int length) => new(RandomNumberGenerator.GetBytes(length));

    public int Length => Reveal().Length;

    /// <summary>The only way out; the span is valid until dispose.</summary>
    /// <exception cref="ObjectDisposedException">The key was wiped.</exception>
    public ReadOnlySpan<byte> Reveal()
    {
        ObjectDisposedException.ThrowIf(_bytes is null, this);
        return _bytes;
    }

    public bool Matches(ReadOnlySpan<byte> candidate) => CryptographicOperations.FixedTimeEquals(Reveal(), candidate);

    public void Dispose()
    {
        if (_bytes is { } bytes)
        {
            CryptographicOperations.ZeroMemory(bytes);
            _bytes = null;
        }
    }

    public override string ToString() => "[redacted]";
}

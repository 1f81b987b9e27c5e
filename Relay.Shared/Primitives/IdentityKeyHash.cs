using System.Security.Cryptography;

namespace Relay.Shared.Primitives;

/// <summary>The Cloud API's <c>identity_key_hash</c>: base64 (44 characters) of the SHA-256 of a user's identity key. Opaque to businesses.</summary>
public readonly record struct IdentityKeyHash
{
    private readonly string? _value;

    private IdentityKeyHash(string value) => _value = value;

    public string Value => _value ?? throw new InvalidOperationException("An uninitialised IdentityKeyHash was used.");

    /// <param name="identityKey">As it is published: 33 bytes.</param>
    public static IdentityKeyHash Of(ReadOnlySpan<byte> identityKey) => new(Convert.ToBase64String(SHA256.HashData(identityKey)));

    /// <summary>Only the one spelling of 32 bytes.</summary>
    public static bool TryParse(string? text, out IdentityKeyHash hash)
    {
        hash = default;
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes + 1];
        if (text is not { Length: 44 } || !Convert.TryFromBase64String(text, bytes, out int length) || length != SHA256.HashSizeInBytes
            || Convert.ToBase64String(bytes[..length]) != text)
        {
            return false;
        }

        hash = new IdentityKeyHash(text);
        return true;
    }

    public override string ToString() => Value;
}

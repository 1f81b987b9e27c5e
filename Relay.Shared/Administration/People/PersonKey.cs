// "rly_admin_" + base64url( id(8) ‖ secret(32) ): 64 characters.
using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Relay.Shared.Primitives;

namespace Relay.Shared.Administration.People;

/// <summary>A key that stands for a person of the admin API, taken apart. 256 random bits, shown once; only their SHA-256 is stored.</summary>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(NeverSerialised<PersonKey>))]
public sealed class PersonKey
{
    private const string Prefix = "rly_admin_";
    private const int IdSize = 8;
    private const int Size = IdSize + 32;
    private const int Length = 64;

    private readonly SecretBytes _secret;

    private PersonKey(PersonId id, SecretBytes secret) => (Id, _secret) = (id, secret);

    public PersonId Id { get; }

    /// <summary>SHA-256 of the secret part.</summary>
    public byte[] Hash => SHA256.HashData(_secret.Reveal());

    public static PersonKey Create() => new(PersonId.CreateKey(), SecretBytes.Random(Size - IdSize));

    public static bool TryParse(string? text, [NotNullWhen(true)] out PersonKey? key)
    {
        key = null;
        Span<byte> bytes = stackalloc byte[Size];
        if (text is not { Length: Length }
            || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || Base64Url.DecodeFromChars(text.AsSpan(Prefix.Length), bytes, out _, out int written) != OperationStatus.Done
            || written != Size
            || !PersonId.TryParse(Convert.ToHexStringLower(bytes[..IdSize]), out PersonId id))
        {
            return false;
        }

        key = new PersonKey(id, SecretBytes.CopyOf(bytes[IdSize..]));
        CryptographicOperations.ZeroMemory(bytes);
        return true;
    }

    /// <summary>The whole key, for the one time it is shown.</summary>
    public Secret Reveal()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Convert.FromHexString(Id.Value).CopyTo(bytes);
        _secret.Reveal().CopyTo(bytes[IdSize..]);
        Secret key = new(Prefix + Base64Url.EncodeToString(bytes));
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }

    public override string ToString() => "[redacted]";
}

using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Relay.Shared.Signal;

/// <summary>A device's long-term key: agrees (X3DH) and signs (XEdDSA). Wiped on dispose, never printed or serialised.</summary>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(RefusesJson<IdentityKeyPair>))]
public sealed class IdentityKeyPair : IDisposable
{
    private IdentityKeyPair(KeyPair keys) => Keys = keys;

    public PublicKey PublicKey => Keys.PublicKey;

    internal KeyPair Keys { get; }

    public static IdentityKeyPair Generate() => new(KeyPair.Generate());

    /// <summary>Takes back what <see cref="ExportPrivate"/> gave.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static IdentityKeyPair Import(ReadOnlySpan<byte> privateKey) => new(KeyPair.Import(privateKey));

    /// <summary>Writes the 32 private bytes. The caller seals and wipes them.</summary>
    public void ExportPrivate(Span<byte> destination) => Keys.ExportPrivate(destination);

    /// <summary>A 64-byte XEdDSA signature.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message) => XEdDsa.Sign(Keys, message);

    public void Dispose() => Keys.Dispose();

    public override string ToString() => "[redacted]";
}

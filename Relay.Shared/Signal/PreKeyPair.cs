using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Relay.Shared.Signal;

/// <summary>A one-time key. Its owner deletes it in the same transaction that stores the session it opened.</summary>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(RefusesJson<PreKeyPair>))]
public sealed class PreKeyPair : IDisposable
{
    /// <summary>From storage; takes ownership of <paramref name="keyPair"/>.</summary>
    public PreKeyPair(uint id, KeyPair keyPair)
    {
        ArgumentNullException.ThrowIfNull(keyPair);
        ThrowUnlessIssuable(id);
        Id = id;
        KeyPair = keyPair;
    }

    public uint Id { get; }

    public KeyPair KeyPair { get; }

    /// <param name="id">1 to <see cref="SignalLimits.MaxKeyId"/>.</param>
    public static PreKeyPair Generate(uint id)
    {
        ThrowUnlessIssuable(id);
        return new PreKeyPair(id, KeyPair.Generate());
    }

    public void Dispose() => KeyPair.Dispose();

    public override string ToString() => "[redacted]";

    // MUST NOT issue id 0: some peers drop it from the message although they used the key (spec §6).
    internal static void ThrowUnlessIssuable(uint id)
    {
        ArgumentOutOfRangeException.ThrowIfZero(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(id, SignalLimits.MaxKeyId);
    }
}

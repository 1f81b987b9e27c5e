using System.Diagnostics;
using Relay.Shared.Signal.Kem;

namespace Relay.Shared.Signal;

/// <summary>The pre-keys a first message names, loaded by the caller. Borrowed: disposing them stays the caller's affair.</summary>
[DebuggerDisplay("[redacted]")]
public sealed class ResponderPreKeys
{
    /// <param name="signed">The signed pre-key of that id.</param>
    /// <param name="oneTime">The one-time pre-key, if the message names one.</param>
    /// <param name="kyber">The Kyber pre-key, which every message of version 4 names.</param>
    public ResponderPreKeys(SignedPreKeyPair signed, PreKeyPair? oneTime, KyberPreKeyPair? kyber = null)
    {
        ArgumentNullException.ThrowIfNull(signed);
        Signed = signed;
        OneTime = oneTime;
        Kyber = kyber;
    }

    internal SignedPreKeyPair Signed { get; }

    internal PreKeyPair? OneTime { get; }

    internal KyberPreKeyPair? Kyber { get; }

    public override string ToString() => "[redacted]";
}

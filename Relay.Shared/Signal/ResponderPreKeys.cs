using System.Diagnostics;

namespace Relay.Shared.Signal;

/// <summary>The pre-keys a first message names, loaded by the caller. Borrowed: disposing them stays the caller's affair.</summary>
[DebuggerDisplay("[redacted]")]
public sealed class ResponderPreKeys
{
    public ResponderPreKeys(SignedPreKeyPair signed, PreKeyPair? oneTime)
    {
        ArgumentNullException.ThrowIfNull(signed);
        Signed = signed;
        OneTime = oneTime;
    }

    internal SignedPreKeyPair Signed { get; }

    internal PreKeyPair? OneTime { get; }

    public override string ToString() => "[redacted]";
}

using System.Diagnostics.CodeAnalysis;
using Relay.Shared.Signal.Wire;

namespace Relay.Shared.Signal;

/// <summary>All sessions with one peer device.</summary>
public sealed class SessionRecord : IDisposable
{
    public PublicKey RemoteIdentity => throw new NotImplementedException();

    public uint RemoteRegistrationId => throw new NotImplementedException();

    public bool HasUnacknowledgedPreKey => throw new NotImplementedException();

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SessionRecord? record) => throw new NotImplementedException();

    public bool HasSessionFor(PreKeySignalMessage message) => throw new NotImplementedException();

    public byte[] Serialize() => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();

    public override string ToString() => "[redacted]";
}

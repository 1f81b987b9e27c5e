using System.Text.Json.Serialization;
using Relay.Shared.Primitives;
using Relay.Shared.RoleCalls;

namespace Relay.Shared.Integrity;

/// <summary>Who calls the transport's <c>operator/</c>: the manager, and no relay, which could lift its own restriction with it.</summary>
[JsonConverter(typeof(NeverSerialised<TransportOperator>))]
public sealed class TransportOperator(RoleSigner signer)
{
    internal RoleSigner Signer => signer;
}

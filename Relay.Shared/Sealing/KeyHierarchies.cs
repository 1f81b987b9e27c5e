namespace Relay.Shared.Sealing;

/// <summary>The relay's keys: one tenant per business.</summary>
public sealed record RelayKeys(KeyRing Ring, Sealer Sealer);

/// <summary>The transport's keys: one tenant, <see cref="Tenant"/>, under a wrapper of its own.</summary>
public sealed record TransportKeys(KeyRing Ring, Sealer Sealer)
{
    public const string Tenant = "transport";
}

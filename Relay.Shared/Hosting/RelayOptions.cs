using Relay.Shared.Limits;
using Relay.Shared.Primitives;
using Relay.Shared.Stamps;

namespace Relay.Shared.Hosting;

/// <summary>What an operator sets for the relay (the Cloud API role). Prints nothing: it holds secrets.</summary>
public sealed class RelayOptions
{
    /// <summary>The region that sealed data is bound to, e.g. <c>westeurope</c>; 1 to 64 characters; never changed once data exists.</summary>
    public required string Region { get; init; }

    /// <summary>The stamp's era, at least 1: raised after any restore or failover, so that no Signal counter is used again.</summary>
    public int Era { get; init; } = 1;

    /// <summary>The relay's own address as the transport reaches it.</summary>
    public required Uri PublicBaseUrl { get; init; }

    /// <summary>The transport's address.</summary>
    public required Uri TransportBaseUrl { get; init; }

    /// <summary>What the relay registers business numbers with at the transport.</summary>
    public required Secret RegistrationKey { get; init; }

    /// <summary>Whether webhooks may go to loopback addresses: local runs only.</summary>
    public bool AllowLoopbackWebhooks { get; init; }

    /// <summary>Where QR codes of business numbers lead; below the relay's own address unless set.</summary>
    public Uri? DeepLinkBaseUrl { get; init; }

    /// <summary>The regions that other stamps serve, and where their Cloud API is.</summary>
    public StampMap Stamps { get; init; } = StampMap.None;

    /// <summary>Whether a user who did not write within 24 hours gets templates alone, as in the Cloud API.</summary>
    public bool EnforcesServiceWindow { get; init; }

    /// <summary>How much an instance accepts.</summary>
    public RelayLimits Limits { get; init; } = new();
}

using Relay.Shared.Administration.Entra;
using Relay.Shared.Primitives;
using Relay.Shared.Stamps;

namespace Relay.Shared.Hosting;

/// <summary>What an operator sets for the business manager. Prints nothing: it holds secrets.</summary>
public sealed class ManagerOptions
{
    /// <summary>What the admin API is called with, besides the credentials of people; null switches it off.</summary>
    public required Secret? AdminToken { get; init; }

    /// <summary>What the manager asks of the transport as its operator with.</summary>
    public required Secret OperatorKey { get; init; }

    /// <summary>The directory whose people are let in; null for none.</summary>
    public EntraDirectory? Entra { get; init; }

    /// <summary>The regions that other stamps serve, and where their managers are.</summary>
    public StampMap Stamps { get; init; } = StampMap.None;

    /// <summary>What managers sign their calls to each other with; null where there is no other stamp.</summary>
    public Secret? StampKey { get; init; }
}

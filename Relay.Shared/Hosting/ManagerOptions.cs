using Relay.Shared.Primitives;

namespace Relay.Shared.Hosting;

/// <summary>What an operator sets for the business manager. Prints nothing: it holds secrets.</summary>
public sealed class ManagerOptions
{
    /// <summary>What the admin API is called with, besides the credentials of people.</summary>
    public required Secret AdminToken { get; init; }
}

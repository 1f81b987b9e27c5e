using Relay.Shared.Primitives;

namespace Relay.Shared.Stamps;

/// <summary>What a manager knows of the other stamps. Prints nothing: it holds a key.</summary>
public sealed class StampOptions
{
    /// <summary>This stamp's own name in table <c>stamps</c>: the region that its data is sealed for.</summary>
    public required string Own { get; init; }

    /// <summary>This stamp's relay, as businesses reach it.</summary>
    public required Uri PublicBaseUrl { get; init; }

    /// <summary>The other stamps' managers.</summary>
    public StampMap Managers { get; init; } = StampMap.None;

    /// <summary>What managers sign their calls to each other with; null where there is no other stamp.</summary>
    public Secret? Key { get; init; }
}

using System.Globalization;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Proof;

/// <summary>Which page of a list a caller asks for, as it stands in the query; empty where it asks for nothing.</summary>
/// <param name="After">The last one that the caller has.</param>
/// <param name="Limit">How many at most.</param>
public sealed record PageRequest(string After, string Limit)
{
    internal static GraphError BadAfter => GraphErrorCode.InvalidParameter.Because("after takes what next of the page before says.");

    /// <param name="usual">Without a limit.</param>
    /// <param name="most">The greatest that is allowed.</param>
    internal Result<PageLimit, GraphError> ReadLimit(int usual, int most)
    {
        if (Limit.Length == 0)
        {
            return new PageLimit(usual);
        }

        return int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit >= 1 && limit <= most
            ? new PageLimit(limit)
            : GraphErrorCode.InvalidParameter.Because($"limit must be a number from 1 to {most}.");
    }
}

/// <summary>How many a page holds.</summary>
internal readonly record struct PageLimit(int Items);

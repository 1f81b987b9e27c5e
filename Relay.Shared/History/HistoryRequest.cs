using System.Globalization;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.History;

/// <summary>What a caller of the history asks for, as it stands in the query; empty where it asks for nothing.</summary>
public sealed record HistoryRequest
{
    private const int DefaultLimit = 25;
    private const int MaxLimit = 100;

    /// <summary>The path that was called: pages lead back to it.</summary>
    public required string Path { get; init; }

    public string MessageId { get; init; } = string.Empty;

    public string StatusFilter { get; init; } = string.Empty;

    public string Fields { get; init; } = string.Empty;

    public string Limit { get; init; } = string.Empty;

    public string After { get; init; } = string.Empty;

    public string Before { get; init; } = string.Empty;

    internal Result<PageSize, GraphError> ReadLimit()
    {
        if (Limit.Length == 0)
        {
            return new PageSize(DefaultLimit);
        }

        return int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit is >= 1 and <= MaxLimit
            ? new PageSize(limit)
            : GraphErrorCode.InvalidParameter.Because($"limit must be a number from 1 to {MaxLimit}.");
    }

    internal static GraphError BadCursor => GraphErrorCode.InvalidParameter.Because(
        "after and before take a cursor of an answer to the same request, one of them at a time.");
}

internal readonly record struct PageSize(int Entries);

namespace Relay.Shared.Graph;

/// <summary>Why a Graph request had no success, or a message failed later.</summary>
/// <param name="Code">A row of the table.</param>
/// <param name="Details">The cause in this case, for people: what was wrong and what would be right. Never content, numbers or tokens.</param>
public sealed record GraphError(GraphErrorCode Code, string Details)
{
    public int? Subcode => Code.Subcode;

    /// <summary>When it makes sense to try again; becomes the <c>Retry-After</c> header.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

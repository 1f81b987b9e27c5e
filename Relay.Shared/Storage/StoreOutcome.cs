namespace Relay.Shared.Storage;

/// <summary>How a conditional write ended. Lost races are values.</summary>
public enum StoreOutcome
{
    /// <summary>All of it is durable.</summary>
    Saved,

    /// <summary>An insert met an existing row (409).</summary>
    AlreadyExists,

    /// <summary>The ETag was no longer current (412).</summary>
    Changed,

    /// <summary>The row to update, merge or delete doesn't exist (404).</summary>
    Missing,
}

/// <param name="Outcome">Saved, or what stopped it.</param>
/// <param name="FailedRowKey">The row key of the write that stopped it; null when saved.</param>
public readonly record struct CommitResult(StoreOutcome Outcome, string? FailedRowKey)
{
    /// <summary>When saved: the new ETag of each write's row in the order of the writes, null for a deleted row. Empty otherwise.</summary>
    public IReadOnlyList<string?> ETags { get; private init; } = [];

    public static CommitResult Saved(IReadOnlyList<string?> etags) => new(StoreOutcome.Saved, null) { ETags = etags };

    public bool IsSaved => Outcome == StoreOutcome.Saved;
}

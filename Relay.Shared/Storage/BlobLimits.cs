namespace Relay.Shared.Storage;

/// <summary>Bounds on blobs; the block's is ours, far below the service's.</summary>
public static class BlobLimits
{
    public const int MaxBlockBytes = 4 * 1024 * 1024;

    /// <summary>Blocks of one blob.</summary>
    public const int MaxBlocks = 50_000;

    /// <summary>The most names that one call lists.</summary>
    public const int MaxListed = 5_000;

    public const int MaxNameLength = 256;
}

namespace Relay.Shared.Storage;

/// <summary>Azure Table Storage's limits, kept by every adapter, also where an emulator doesn't (spec/azurite.md).</summary>
public static class TableLimits
{
    public const int MaxWritesPerCommit = 100;

    /// <summary>Our own bound on one commit, below the service's 4 MiB.</summary>
    public const int MaxCommitBytes = 3 * 1024 * 1024;

    /// <summary>A binary column, in bytes.</summary>
    public const int MaxColumnBytes = 64 * 1024;

    /// <summary>All columns of one row, in bytes.</summary>
    public const int MaxRowBytes = 1024 * 1024;

    /// <summary>A key, in UTF-16 code units; <c>/ \ # ?</c> and control characters are refused.</summary>
    public const int MaxKeyLength = 512;
}

namespace Relay.Shared.Storage;

/// <summary>Azure Queue Storage's limits (spec/storage.md §1).</summary>
public static class QueueLimits
{
    /// <summary>64 KiB of UTF-8.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    /// <summary>The most messages that one receive takes.</summary>
    public const int MaxReceive = 32;

    /// <summary>The longest delay or visibility timeout: 7 days.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromDays(7);
}

namespace Relay.Shared.Transport.Integrity;

/// <summary>How much one user's device may do, on one instance of the transport. 0 lifts a limit. Businesses have their tier instead.</summary>
public sealed record DeviceLimits
{
    /// <summary>Messages and receipts; five minutes' worth may come at once.</summary>
    public int MessagesPerMinute { get; init; } = 60;

    /// <summary>Pre-key bundles, of which each spends a one-time key of somebody; ten minutes' worth may come at once.</summary>
    public int BundlesPerMinute { get; init; } = 6;

    /// <summary>No limit at all: for benchmarks and load runs.</summary>
    public static DeviceLimits Lifted { get; } = new() { MessagesPerMinute = 0, BundlesPerMinute = 0 };
}

namespace Relay.Shared.Transport.Pushes;

/// <summary>How long to wait after a failed push: 1, 5, 30 s, 2, 10, 30 min, 1, 2 h, then every 4 h until the envelope's day dies.</summary>
internal static class PushSchedule
{
    private static readonly TimeSpan[] s_delays =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4),
    ];

    /// <param name="failed">How many attempts have failed, at least 1.</param>
    internal static TimeSpan DelayAfter(int failed) => s_delays[Math.Clamp(failed - 1, 0, s_delays.Length - 1)];
}

using Relay.Shared.Webhooks;

namespace Relay.Shared.Messaging;

/// <summary>The growing delays after which work is tried again (spec/storage.md §2, §5).</summary>
public static class RetrySchedule
{
    private static readonly TimeSpan[] Dependency =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4),
    ];

    private static readonly TimeSpan[] Webhook =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(8), TimeSpan.FromHours(12),
    ];

    /// <summary>How long an undelivered webhook is tried.</summary>
    public static TimeSpan WebhookLife => TimeSpan.FromDays(7);

    /// <summary>The delay before the next attempt after <paramref name="failures"/> (1 or more) failures of a dependency.</summary>
    public static TimeSpan AfterDependencyFailure(int failures) => At(Dependency, failures);

    /// <summary>The delay before the next attempt after <paramref name="failures"/> (1 or more) failures of a webhook endpoint.</summary>
    /// <param name="failures">1 or more.</param>
    /// <param name="retryAfter">What the endpoint asked for: honoured from the schedule's delay to twice that.</param>
    /// <param name="jitter">Spreads what the endpoint has not asked for.</param>
    public static TimeSpan AfterWebhookFailure(int failures, TimeSpan? retryAfter, RetryJitter jitter)
    {
        TimeSpan delay = At(Webhook, failures);
        return retryAfter is { } asked ? TimeSpan.FromTicks(Math.Clamp(asked.Ticks, delay.Ticks, 2 * delay.Ticks)) : jitter.Spread(delay);
    }

    /// <summary>How long what was parked stays, by how often it was parked and put back before.</summary>
    public static TimeSpan AfterParking(int before) => before == 0 ? TimeSpan.Zero : TimeSpan.FromHours(Math.Min(24, 1 << Math.Min(before, 5)));

    private static TimeSpan At(TimeSpan[] delays, int failures) => delays[Math.Clamp(failures - 1, 0, delays.Length - 1)];
}

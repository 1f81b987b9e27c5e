using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Primitives;

namespace Relay.Shared.Webhooks;

/// <summary>
/// Ends endpoints that have done nothing but fail for 120 hours, or say that they are gone, and tells the operator. Since when one fails stands on its
/// subscription, so it counts across processes; it is written once when failing goes on for a while, and taken back by a success, never at each call.
/// </summary>
public sealed partial class EndpointHealth(AccountDirectory accounts, SubscriptionStore subscriptions, TimeProvider time, ILogger<EndpointHealth> logger)
{
    /// <summary>How long nothing but failure is put up with.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromHours(120);

    /// <summary>How long an endpoint fails before that is worth a write.</summary>
    internal static readonly TimeSpan NotedAfter = TimeSpan.FromMinutes(10);

    private const int MaxKept = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<EndpointKey, DateTimeOffset> _firstFailures = [];

    internal async Task SucceededAsync(EndpointKey endpoint, Subscription subscription, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _firstFailures.Remove(endpoint);
        }

        if (subscription.FailingSince is not null)
        {
            await subscriptions.SetFailingAsync(endpoint.Business, subscription, null, cancellationToken);
            accounts.Forget(endpoint.Business);
        }
    }

    /// <summary>True when this failure was the last that is put up with.</summary>
    internal async Task<bool> FailedAsync(EndpointKey endpoint, Subscription subscription, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset first = FirstFailure(endpoint, now);
        if (subscription.FailingSince is null)
        {
            if (now - first >= NotedAfter)
            {
                await subscriptions.SetFailingAsync(endpoint.Business, subscription, first, cancellationToken);
                accounts.Forget(endpoint.Business);
            }

            return false;
        }

        // What is known here may be half a minute old: another process may have had an answer since.
        if (now - subscription.FailingSince < Patience
            || await subscriptions.FindAsync(endpoint.Business, endpoint.Subscriber, cancellationToken) is not { FailingSince: { } since, IsDisabled: false } stored
            || now - since < Patience)
        {
            return false;
        }

        Log.FailedTooLong(logger, endpoint.Business, endpoint.Subscriber);
        return await DisableAsync(endpoint, stored, cancellationToken);
    }

    /// <summary>The endpoint answered 410. False when another one was set meanwhile.</summary>
    internal async Task<bool> GoneAsync(EndpointKey endpoint, Subscription subscription, CancellationToken cancellationToken)
    {
        Log.Gone(logger, endpoint.Business, endpoint.Subscriber);
        return await DisableAsync(endpoint, subscription, cancellationToken);
    }

    private async Task<bool> DisableAsync(EndpointKey endpoint, Subscription subscription, CancellationToken cancellationToken)
    {
        bool disabled = await subscriptions.DisableAsync(endpoint.Business, subscription, cancellationToken);
        accounts.Forget(endpoint.Business);
        return disabled;
    }

    private DateTimeOffset FirstFailure(EndpointKey endpoint, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_firstFailures.TryGetValue(endpoint, out DateTimeOffset first))
            {
                return first;
            }

            if (_firstFailures.Count >= MaxKept)
            {
                _firstFailures.Clear();
            }

            return _firstFailures[endpoint] = now;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(223, LogLevel.Warning, "The endpoint of subscriber {Subscriber} of business {Business} answered 410 and is called no more until it is set again.")]
        internal static partial void Gone(ILogger logger, BusinessId business, SubscriberId subscriber);

        [LoggerMessage(224, LogLevel.Warning, "The endpoint of subscriber {Subscriber} of business {Business} has done nothing but fail for 120 hours and is called no more until it is set again.")]
        internal static partial void FailedTooLong(ILogger logger, BusinessId business, SubscriberId subscriber);
    }
}

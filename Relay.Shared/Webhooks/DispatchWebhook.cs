using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Primitives;

namespace Relay.Shared.Webhooks;

/// <summary>How one attempt to tell a business ended.</summary>
public enum DispatchOutcome
{
    /// <summary>The endpoint answered 2xx.</summary>
    Delivered,

    /// <summary>It answered anything else, or nothing in time.</summary>
    Failed,

    /// <summary>The business has set no callback yet; it may do so while the payload lives.</summary>
    NoSubscription,
}

/// <summary>One attempt to post a signed webhook body to the business's endpoint.</summary>
public sealed partial class DispatchWebhook(AccountDirectory accounts, WebhookClient client, ILogger<DispatchWebhook> logger)
{
    /// <param name="business">Whose endpoint and app secret.</param>
    /// <param name="payload">Exactly these bytes are signed and sent.</param>
    /// <param name="budget">How long the endpoint may take.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<DispatchOutcome> ExecuteAsync(BusinessId business, byte[] payload, TimeSpan budget, CancellationToken cancellationToken)
    {
        if (await accounts.FindSubscriptionAsync(business, cancellationToken) is not { } subscription
            || await accounts.FindBusinessAsync(business, cancellationToken) is not { } owner)
        {
            return DispatchOutcome.NoSubscription;
        }

        if (await client.PostAsync(subscription.Callback, owner.AppSecret, payload, budget, cancellationToken))
        {
            return DispatchOutcome.Delivered;
        }

        Log.Failed(logger, budget.TotalSeconds);
        return DispatchOutcome.Failed;
    }

    private static partial class Log
    {
        [LoggerMessage(221, LogLevel.Information, "A business's endpoint did not answer a webhook with 2xx within {Seconds} s; it is tried again later.")]
        internal static partial void Failed(ILogger logger, double seconds);
    }
}

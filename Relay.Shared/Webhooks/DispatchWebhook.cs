using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
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
    /// <param name="key">The conversation, and with it whose endpoint and app secret.</param>
    /// <param name="rowKey">The row that is told: names the delivery at every attempt.</param>
    /// <param name="payload">Exactly these bytes are signed and sent.</param>
    /// <param name="budget">How long the endpoint may take.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<DispatchOutcome> ExecuteAsync(
        ConversationKey key, string rowKey, byte[] payload, TimeSpan budget, CancellationToken cancellationToken)
    {
        BusinessId business = key.Business;
        if (await accounts.FindSubscriptionAsync(business, cancellationToken) is not { } subscription
            || await accounts.FindBusinessAsync(business, cancellationToken) is not { } owner)
        {
            return DispatchOutcome.NoSubscription;
        }

        if (await client.PostAsync(subscription.Callback, owner.AppSecret, IdOf(key, rowKey), payload, budget, cancellationToken))
        {
            return DispatchOutcome.Delivered;
        }

        Log.Failed(logger, budget.TotalSeconds);
        return DispatchOutcome.Failed;
    }

    /// <summary>Constant over all attempts, says nothing, and has no full stop.</summary>
    private static string IdOf(ConversationKey key, string rowKey) =>
        "msg_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{key.Partition}/{rowKey}")).AsSpan(0, 16));

    private static partial class Log
    {
        [LoggerMessage(221, LogLevel.Information, "A business's endpoint did not answer a webhook with 2xx within {Seconds} s; it is tried again later.")]
        internal static partial void Failed(ILogger logger, double seconds);
    }
}

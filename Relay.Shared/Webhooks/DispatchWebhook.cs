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

    /// <summary>It answered anything else, or nothing in time, or is not called for now (<see cref="EndpointBreakers"/>).</summary>
    Failed,

    /// <summary>The subscriber is gone, or its endpoint is called no more until it is set again.</summary>
    Disabled,
}

/// <param name="Outcome">How it ended.</param>
/// <param name="RetryAfter">When the endpoint wants to be asked again, if it said so.</param>
public readonly record struct DispatchResult(DispatchOutcome Outcome, TimeSpan? RetryAfter = null);

/// <summary>One attempt to post a signed webhook body to one subscriber's endpoint. Names the delivery by its row, the same at every attempt and for all.</summary>
public sealed partial class DispatchWebhook(
    AccountDirectory accounts, SubscriptionStore subscriptions, WebhookClient client, EndpointBreakers breakers, ILogger<DispatchWebhook> logger)
{
    /// <param name="key">The conversation, and with it whose endpoint and app secret.</param>
    /// <param name="rowKey">The row that is told: names the delivery at every attempt.</param>
    /// <param name="payload">Exactly these bytes are signed and sent.</param>
    /// <param name="subscriber">Who is told.</param>
    /// <param name="budget">How long the endpoint may take.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<DispatchResult> ExecuteAsync(
        ConversationKey key, string rowKey, byte[] payload, Subscription subscriber, TimeSpan budget, CancellationToken cancellationToken)
    {
        BusinessId business = key.Business;
        if (subscriber.IsDisabled || await accounts.FindBusinessAsync(business, cancellationToken) is not { } owner)
        {
            return new DispatchResult(DispatchOutcome.Disabled);
        }

        if (!breakers.TryEnter(business))
        {
            return new DispatchResult(DispatchOutcome.Failed);
        }

        WebhookAnswer answer = await client.PostAsync(subscriber.Callback, owner.AppSecret, IdOf(key, rowKey), payload, budget, cancellationToken);
        if (answer.IsDelivered)
        {
            breakers.Succeeded(business);
            return new DispatchResult(DispatchOutcome.Delivered);
        }

        if (answer.IsGone && await subscriptions.DisableAsync(business, subscriber, cancellationToken))
        {
            accounts.Forget(business);
            Log.Gone(logger, business);
            return new DispatchResult(DispatchOutcome.Disabled);
        }

        breakers.Failed(business);
        Log.Failed(logger, answer.Status, budget.TotalSeconds);
        return new DispatchResult(DispatchOutcome.Failed, answer.RetryAfter);
    }

    /// <summary>Constant over all attempts, says nothing, and has no full stop.</summary>
    internal static string IdOf(ConversationKey key, string rowKey) =>
        "msg_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{key.Partition}/{rowKey}")).AsSpan(0, 16));

    private static partial class Log
    {
        [LoggerMessage(221, LogLevel.Information, "A business's endpoint did not answer a webhook with 2xx (but {Status}) within {Seconds} s; it is tried again later.")]
        internal static partial void Failed(ILogger logger, int status, double seconds);

        [LoggerMessage(223, LogLevel.Warning, "The endpoint of business {Business} answered 410 and is called no more until its callback is set again.")]
        internal static partial void Gone(ILogger logger, BusinessId business);
    }
}

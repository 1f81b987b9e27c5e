using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Primitives;
using Relay.Shared.Telemetry;

namespace Relay.Shared.Webhooks;

/// <summary>How one attempt to tell a subscriber ended.</summary>
public enum DispatchOutcome
{
    /// <summary>The endpoint answered 2xx.</summary>
    Delivered,

    /// <summary>It answered anything else, or nothing in time, or is not called for now (<see cref="EndpointBreakers"/>).</summary>
    Failed,

    /// <summary>It was not called, because it holds too many calls already (<see cref="EndpointSlots"/>): no attempt.</summary>
    Busy,

    /// <summary>The subscriber is gone, or its endpoint is called no more until it is set again.</summary>
    Disabled,
}

/// <param name="Outcome">How it ended.</param>
/// <param name="RetryAfter">When the endpoint wants to be asked again, if it said so.</param>
public readonly record struct DispatchResult(DispatchOutcome Outcome, TimeSpan? RetryAfter = null);

/// <summary>One attempt to post a signed webhook body to one subscriber's endpoint. Names the delivery by its row, the same at every attempt and for all.</summary>
public sealed partial class DispatchWebhook(
    AccountDirectory accounts, WebhookClient client, EndpointBreakers breakers, EndpointSlots slots, EndpointHealth health, ILogger<DispatchWebhook> logger)
{
    /// <summary>What the first attempt may take, so that it never holds up the queue.</summary>
    public static readonly TimeSpan FirstBudget = TimeSpan.FromSeconds(3);

    /// <summary>What a later attempt may take.</summary>
    public static readonly TimeSpan LaterBudget = TimeSpan.FromSeconds(15);

    /// <param name="key">The conversation, and with it whose app secret.</param>
    /// <param name="rowKey">The row that is told: names the delivery at every attempt.</param>
    /// <param name="payload">Exactly these bytes are signed and sent.</param>
    /// <param name="subscriber">Who is told.</param>
    /// <param name="isFirst">Whether it is tried at once, and not from queue <c>webhooks</c>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<DispatchResult> ExecuteAsync(
        ConversationKey key, string rowKey, byte[] payload, Subscription subscriber, bool isFirst, CancellationToken cancellationToken)
    {
        if (subscriber.IsDisabled || await accounts.FindBusinessAsync(key.Business, cancellationToken) is not { } owner)
        {
            return new DispatchResult(DispatchOutcome.Disabled);
        }

        EndpointKey endpoint = new(key.Business, subscriber.Id);
        if (!slots.TryTake(endpoint, isFirst))
        {
            RelayMetrics.WebhookAttempts.Add(WebhookAttempt.Busy);
            return new DispatchResult(DispatchOutcome.Busy);
        }

        try
        {
            if (!breakers.TryEnter(endpoint))
            {
                RelayMetrics.WebhookAttempts.Add(WebhookAttempt.BreakerOpen);
                return new DispatchResult(DispatchOutcome.Failed);
            }

            TimeSpan budget = isFirst ? FirstBudget : LaterBudget;
            WebhookAnswer answer = await PostAsync(key, rowKey, payload, subscriber, owner, budget, cancellationToken);
            RelayMetrics.WebhookAttempts.Add(Attempt(answer));
            return await JudgeAsync(endpoint, subscriber, answer, isFirst, cancellationToken);
        }
        finally
        {
            slots.GiveBack(endpoint, isFirst);
        }
    }

    private Task<WebhookAnswer> PostAsync(
        ConversationKey key, string rowKey, byte[] payload, Subscription subscriber, Business owner, TimeSpan budget, CancellationToken cancellationToken) =>
        RelayTraces.IsListened
            ? RelayTraces.WithinAsync(
                SpanName.Tell,
                () => client.PostAsync(subscriber.Callback, owner.AppSecret, IdOf(key, rowKey), payload, budget, cancellationToken),
                answer => answer.IsDelivered ? SpanOutcome.Done : SpanOutcome.Refused)
            : client.PostAsync(subscriber.Callback, owner.AppSecret, IdOf(key, rowKey), payload, budget, cancellationToken);

    private static WebhookAttempt Attempt(WebhookAnswer answer) =>
        answer.IsDelivered ? WebhookAttempt.Delivered : answer.IsGone ? WebhookAttempt.Gone : answer.IsLate ? WebhookAttempt.Late : WebhookAttempt.Refused;

    /// <summary>The delivery's <c>webhook-id</c>: constant over all attempts and subscribers, says nothing, and has no full stop.</summary>
    internal static string IdOf(ConversationKey key, string rowKey) =>
        "msg_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{key.Partition}/{rowKey}")).AsSpan(0, 16));

    private async Task<DispatchResult> JudgeAsync(
        EndpointKey endpoint, Subscription subscriber, WebhookAnswer answer, bool isFirst, CancellationToken cancellationToken)
    {
        if (answer.IsDelivered)
        {
            breakers.Succeeded(endpoint);
            await health.SucceededAsync(endpoint, subscriber, cancellationToken);
            return new DispatchResult(DispatchOutcome.Delivered);
        }

        if (answer.IsGone && await health.GoneAsync(endpoint, subscriber, cancellationToken))
        {
            return new DispatchResult(DispatchOutcome.Disabled);
        }

        if (answer.IsLate && isFirst)
        {
            slots.WasSlow(endpoint);
        }

        breakers.Failed(endpoint);
        Log.Failed(logger, answer.Status, endpoint.Subscriber, isFirst);
        return new DispatchResult(await health.FailedAsync(endpoint, subscriber, cancellationToken) ? DispatchOutcome.Disabled : DispatchOutcome.Failed, answer.RetryAfter);
    }

    private static partial class Log
    {
        [LoggerMessage(221, LogLevel.Information, "The endpoint of subscriber {Subscriber} did not answer a webhook with 2xx in time, but {Status} (first attempt: {IsFirst}); it is tried again later.")]
        internal static partial void Failed(ILogger logger, int status, SubscriberId subscriber, bool isFirst);
    }
}

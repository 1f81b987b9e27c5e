using Relay.Shared.Accounts;
using Relay.Shared.Conversations.Walking;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Proof.Audits;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Replay;

/// <summary>
/// Accepts that a business wants webhooks of one of its numbers told again, by one durable queue message. Needs the permission
/// whatsapp_business_management: whoever may decide where webhooks go.
/// </summary>
public sealed class AcceptReplay(AccountDirectory accounts, MessageIds ids, IQueueStore queues, RecordAccess recordAccess, TimeProvider time)
{
    public async Task<Result<SuccessResponse, GraphError>> ExecuteAsync(
        Caller caller, PhoneNumberId number, ReplayRequest request, CancellationToken cancellationToken)
    {
        if ((await accounts.FindNumberAsync(caller, number, AccessScopes.Management, cancellationToken)).Error is { } refusal)
        {
            return refusal;
        }

        ReplayItem item = new()
        {
            Business = caller.Business.Value,
            Phone = number.Value,
            Id = EnvelopeId.Create().Hex,
            AskedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Sub = request.Subscriber,
        };
        if (request.Subscriber is not null && !SubscriberId.TryParse(request.Subscriber, out _))
        {
            return GraphErrorCode.ParameterInvalid.Because("subscriber is not the id of a subscriber.");
        }

        Result<ReplayItem, GraphError> aimed = request.MessageId is { } messageId
            ? await OfMessageAsync(caller.Business, number, item, request, messageId, cancellationToken)
            : OfWindow(item, request);
        if (!aimed.TryGet(out ReplayItem? accepted, out GraphError? error))
        {
            return error;
        }

        await recordAccess.ExecuteAsync(caller.Business, AccessActor.Of(caller), AccessOperation.ReplayWebhooks, cancellationToken);
        await queues.SendAsync(QueueNames.Replays, accepted.Encode(), TimeSpan.Zero, QueueItems.TimeToLive, cancellationToken);
        return new SuccessResponse();
    }

    private async Task<Result<ReplayItem, GraphError>> OfMessageAsync(
        BusinessId business, PhoneNumberId number, ReplayItem item, ReplayRequest request, string messageId, CancellationToken cancellationToken)
    {
        if (request is not { Since: null, Until: null, Events: null })
        {
            return GraphErrorCode.ParameterInvalid.Because("message_id stands alone: since, until and events are for a window of time.");
        }

        return await ids.ReadAsync(business, number, messageId, cancellationToken) is { } locator
            ? item with
            {
                Conversation = locator.Conversation.Hex,
                Message = locator.Message.Hex,
                IsUsers = locator.Direction == MessageDirection.FromUser,
            }
            : GraphErrorCode.ParameterInvalid.Because("message_id is not the id of a message of this phone number.");
    }

    private Result<ReplayItem, GraphError> OfWindow(ReplayItem item, ReplayRequest request)
    {
        if (request.Since is not { } since)
        {
            return GraphErrorCode.ParameterMissing.Because("message_id, or since (and until), in Unix seconds, is required.");
        }

        DateTimeOffset now = time.GetUtcNow();
        long oldest = (now - Retention.MaxAge).ToUnixTimeSeconds();
        long latest = Math.Min(request.Until ?? long.MaxValue, now.ToUnixTimeSeconds());
        if (since < oldest || since > latest)
        {
            return GraphErrorCode.ParameterInvalid.Because("since must be at most 30 days ago, in the past, and not after until.");
        }

        if (request.Events is { } events && (events.Count == 0 || events.Any(one => one is not (ReplayRequest.Messages or ReplayRequest.Statuses))))
        {
            return GraphErrorCode.ParameterInvalid.Because("events must hold messages, statuses or both.");
        }

        return item with
        {
            Since = since * 1_000,
            Until = (latest * 1_000) + 999,
            Only = request.Events?.Distinct().ToArray() is [{ } one] ? one : null,
            Position = WalkPosition.StartOf(UtcDay.Of(DateTimeOffset.FromUnixTimeSeconds(since))).Encode(),
        };
    }
}

using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Limits;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Telemetry;

namespace Relay.Shared.Idempotency;

/// <summary>
/// The acceptance of a request: limits first, then the claim of its Idempotency-Key if it has one, then the queue message. However often
/// a keyed request comes within a day, at once, elsewhere or after a crash, it has one id and is delivered once, and no limit refuses a repeat.
/// <code>
/// dies after                       state left            a repeat
/// limits                           nothing               starts anew
/// claim                            row, no queue item    finds the row; no O row: puts the item under the same id
/// put, answer lost                 row, queue item       the same; two items of one id are delivered once (the insert of O)
/// delivered                        row, O                finds O, puts nothing
/// repeat's put, before its mark    row, queue items      puts once more, as above
/// </code>
/// A new key costs one table transaction. A repeat costs none on the instance that accepted it, for ten minutes; else the claim that fails,
/// the row, and O unless the row says that it is queued; then perhaps the put and its mark.
/// </summary>
public sealed class AcceptOnce(SendLimits limits, ClaimStore claims, ConversationStore conversations, WorkQueue queue, TimeProvider time)
{
    private static readonly TimeSpan MemoryLife = TimeSpan.FromMinutes(10);

    private const int MaxRemembered = 20_000;

    private readonly ShortCache<(BusinessId, string), Claim> _settled = new(time, MemoryLife, MaxRemembered);

    /// <summary>Admits a valid request before anything is stored for it, or says why not.</summary>
    /// <param name="number">Who sends.</param>
    /// <param name="to">Null for a receipt.</param>
    /// <param name="keyed">Null when it has no Idempotency-Key.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async ValueTask<Result<Admission, GraphError>> AdmitAsync(
        BusinessNumber number, PhoneNumber? to, KeyedRequest? keyed, CancellationToken cancellationToken)
    {
        if (keyed is not null && _settled.TryGet((number.Business, keyed.Name)) is { } settled && claims.IsLive(settled.Acceptance))
        {
            return settled.IsFor(keyed) ? new Admission(number, to, keyed) { Done = settled.Acceptance } : OtherRequest;
        }

        if (limits.TryTake(number, to) is not { } refusal)
        {
            return new Admission(number, to, keyed) { IsCounted = true };
        }

        return keyed is not null && await claims.FindAsync(number.Business, keyed, cancellationToken) is not null ? new Admission(number, to, keyed) : refusal;
    }

    /// <summary>What this very request became before, where nothing is left to do for it; else null. For a request that could not be accepted now.</summary>
    internal async ValueTask<Acceptance?> FindDoneAsync(BusinessNumber number, KeyedRequest? keyed, CancellationToken cancellationToken)
    {
        if (keyed is null)
        {
            return null;
        }

        if (_settled.TryGet((number.Business, keyed.Name)) is { } settled && claims.IsLive(settled.Acceptance))
        {
            return settled.IsFor(keyed) ? settled.Acceptance : null;
        }

        return await claims.FindAsync(number.Business, keyed, cancellationToken) is { } claim && claim.IsFor(keyed)
            && (claim.IsQueued || await IsCommittedAsync(number, claim.Acceptance, cancellationToken))
                ? claim.Acceptance
                : null;
    }

    /// <summary>Puts what was admitted into queue <c>outbound</c>, unless an earlier call did; says what it became.</summary>
    internal async Task<Result<Acceptance, GraphError>> PutAsync(
        Admission admission, ConversationId conversation, Func<Acceptance, OutboundBody> body, CancellationToken cancellationToken)
    {
        BusinessNumber number = admission.Number;
        Acceptance fresh = new(conversation, EnvelopeId.Create(), time.GetUtcNow().ToUnixTimeMilliseconds());
        if (admission.Keyed is not { } keyed)
        {
            await PutAsync(number, fresh, body, cancellationToken);
            RelayMetrics.Accepted.Add(admission.Kind);
            return fresh;
        }

        Claim claim = await claims.ClaimAsync(number.Business, keyed, fresh, cancellationToken);
        if (!claim.IsNew && admission.IsCounted)
        {
            limits.GiveBack(number, admission.To);
        }

        if (!claim.IsFor(keyed))
        {
            return OtherRequest;
        }

        if (claim.IsNew)
        {
            await PutAsync(number, claim.Acceptance, body, cancellationToken);
            RelayMetrics.Accepted.Add(admission.Kind);
        }
        else if (!claim.IsQueued && !IsOver(number, claim.Acceptance) && !await IsCommittedAsync(number, claim.Acceptance, cancellationToken))
        {
            await PutAsync(number, claim.Acceptance, body, cancellationToken);
            RelayMetrics.Accepted.Add(admission.Kind);
            await claims.MarkQueuedAsync(number.Business, claim, cancellationToken);
        }

        _settled.Put((number.Business, keyed.Name), claim);
        return claim.Acceptance;
    }

    private static GraphError OtherRequest => GraphErrorCode.InvalidParameter.Because(
        "This Idempotency-Key was used for another request of this phone number less than 24 hours ago. Repeat that request unchanged, or use a new key.");

    /// <summary>Of a message that its number's own retention has ended by now, no row says whether it was delivered.</summary>
    private bool IsOver(BusinessNumber number, Acceptance acceptance) =>
        number.RetentionPeriod is { } period && time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(acceptance.At) > period;

    private Task<bool> IsCommittedAsync(BusinessNumber number, Acceptance acceptance, CancellationToken cancellationToken) =>
        conversations.HasOutboundAsync(new ConversationKey(number.Business, acceptance.Conversation), acceptance.Message, cancellationToken);

    private Task PutAsync(BusinessNumber number, Acceptance acceptance, Func<Acceptance, OutboundBody> body, CancellationToken cancellationToken)
    {
        WorkItem item = AcceptMessage.Item(number, acceptance.Conversation, acceptance.Message, DateTimeOffset.FromUnixTimeMilliseconds(acceptance.At));
        return queue.PutAsync(QueueNames.Outbound, item, body(acceptance).Encode(), cancellationToken);
    }
}

/// <summary>A request that may go on.</summary>
internal sealed record Admission(BusinessNumber Number, PhoneNumber? To, KeyedRequest? Keyed)
{
    /// <summary>What it became before; nothing is left to do but to answer.</summary>
    internal Acceptance? Done { get; init; }

    internal AcceptedKind Kind => To is null ? AcceptedKind.ReadReceipt : AcceptedKind.Message;

    /// <summary>The limits have counted it.</summary>
    internal bool IsCounted { get; init; }
}

using Relay.Shared.Accounts;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Graph;
using Relay.Shared.Messaging;
using Relay.Shared.PhoneNumbers.Blocking;
using Relay.Shared.Primitives;
using Relay.Shared.Proof;
using Relay.Shared.Storage;

namespace Relay.Shared.Erasure;

/// <summary>
/// <c>DELETE /relay/v1/contacts/{number}</c>: erases one user with all of a business's numbers (spec/storage.md §6). One durable queue message is the
/// acceptance; then the work is done here, and by the queue whatever is left of it. Needs the permission whatsapp_business_management.
/// </summary>
public sealed class EraseContact(NumberStore numbers, LookupErasure lookups, BlockUsers blocks, RunErasure run, ErasureReceipts receipts, IQueueStore queues, TimeProvider time)
{
    /// <summary>Rows that one call deletes at most; more is left to the queue.</summary>
    internal const int RowsPerCall = 5_000;

    /// <summary>After which a call leaves the rest to the queue.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(20);

    /// <summary>Before the queue takes it up: by then it is done, and what was being written meanwhile is there to be found.</summary>
    internal static readonly TimeSpan QueueDelay = TimeSpan.FromSeconds(20);

    /// <summary>Keeps a queue message under its 48 KiB.</summary>
    private const int TargetsPerItem = 20;

    public async Task<Result<ErasureReply, GraphError>> ExecuteAsync(Caller caller, string number, CancellationToken cancellationToken)
    {
        if (caller.Lacks(AccessScopes.Management) is { } refusal)
        {
            return refusal;
        }

        if (!PhoneNumber.TryParse(number, out PhoneNumber? user))
        {
            return NoNumber;
        }

        DateTimeOffset at = time.GetUtcNow();
        string id = EnvelopeId.Create().Hex;
        List<ErasureTarget> targets = await FindAsync(caller.Business, user, cancellationToken);
        ErasureItem[] items = [.. targets.Chunk(TargetsPerItem).Select(some => new ErasureItem
        {
            Business = caller.Business.Value,
            Id = id,
            AskedAt = at.ToUnixTimeMilliseconds(),
            Targets = some,
        })];
        foreach (ErasureItem item in items)
        {
            await queues.SendAsync(QueueNames.Erasures, item.Encode(), QueueDelay, QueueItems.TimeToLive, cancellationToken);
        }

        int rows = 0;
        bool isDone = true;
        List<SignedReceiptAnswer> signed = [];
        foreach (ErasureItem item in items)
        {
            if (time.GetUtcNow() - at > MaxTime)
            {
                isDone = false;
                break;
            }

            (int deleted, bool all) = await run.EraseAsync(item, Math.Max(1, RowsPerCall - rows), cancellationToken);
            rows += deleted;
            isDone &= all;
            if (all && await receipts.TryIssueAsync(item, deleted, cancellationToken) is { } receipt)
            {
                signed.Add(SignedReceiptAnswer.Of(receipt));
            }
        }

        return new ErasureReply
        {
            Id = id,
            Status = isDone ? ErasureReply.Completed : ErasureReply.InProgress,
            ErasedAt = at.ToUnixTimeSeconds(),
            Conversations = targets.Sum(target => target.Conversations.Count),
            Rows = rows,
            Receipts = signed,
        };
    }

    /// <summary>How a path without a number is answered.</summary>
    internal static GraphError NoNumber => GraphErrorCode.ParameterInvalid.Because("The contact in the path is not a phone number with its country code.");

    private async Task<List<ErasureTarget>> FindAsync(BusinessId business, PhoneNumber user, CancellationToken cancellationToken)
    {
        List<ErasureTarget> targets = [];
        await foreach (BusinessNumber number in numbers.ListAsync(business, cancellationToken))
        {
            await blocks.EraseAsync(number, user, cancellationToken);
            if (await lookups.FindAsync(business, number.Id, user, cancellationToken) is { } found)
            {
                targets.Add(new ErasureTarget
                {
                    Phone = number.Id.Value,
                    Conversations = [.. found.Conversations.Select(one => one.Hex)],
                    Rows = found.References,
                });
            }
        }

        return targets;
    }
}

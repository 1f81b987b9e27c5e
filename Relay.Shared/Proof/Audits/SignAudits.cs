using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Proof.Audits;

/// <summary>
/// Signs how far each business's audit, and the operator's own, has come, once it has verified what was added since the last time: a chain with a flaw is never signed, and told. Then
/// entries past their life go, up to a checkpoint. A run that dies is gone on with by the next.
/// </summary>
public sealed partial class SignAudits(BusinessStore businesses, AuditStore audit, KeyRing keys, TimeProvider time, ILogger<SignAudits> logger)
{
    private const int Page = 1_000;

    /// <summary>Entries of one business in one run; the rest is for the next.</summary>
    private const int MaxEntries = 20_000;

    private const int MaxDeleted = 20_000;

    private const int MaxBusinesses = 100_000;

    private readonly ShortCache<BusinessId, AuditStore> _pruned = new(time, TimeSpan.FromHours(20), MaxBusinesses);

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        await foreach (BusinessId business in businesses.ListAsync(cancellationToken).Prepend(OperatorTenant.Id).WithCancellation(cancellationToken))
        {
            try
            {
                if (await audit.FindHeadAsync(business, cancellationToken) is { } head)
                {
                    await SignAsync(business, head, cancellationToken);
                    await DeletePastAsync(business, cancellationToken);
                }
            }
            catch (Exception e) when (DependencyFaults.IsAway(e) || e is InvalidDataException)
            {
                Log.NotSigned(logger, business, FaultKind.Of(e));
            }
        }
    }

    private async Task SignAsync(BusinessId business, AuditHead head, CancellationToken cancellationToken)
    {
        if (head.Entries == head.Signed)
        {
            return;
        }

        if (await BeginAsync(business, head.Signed, cancellationToken) is not { } chain)
        {
            Log.Broken(logger, business, head.Signed);
            return;
        }

        long target = Math.Min(head.Entries, head.Signed + MaxEntries);
        IReadOnlyList<StoredEntry> page;
        do
        {
            page = await audit.ListAsync(business, chain.Last + 1, head.Entries, Page, cancellationToken);
            foreach (StoredEntry stored in page)
            {
                if (chain.Add(stored.Row, stored.Entry) is { } flaw)
                {
                    Log.Broken(logger, business, flaw.Entry);
                    return;
                }
            }
        }
        while (chain.Last < target && page.Count > 0);

        if (chain.Last < target || (chain.Last == head.Entries && chain.LastHash != head.Hash))
        {
            Log.Broken(logger, business, chain.Last + 1);
            return;
        }

        AuditCheckpoint checkpoint = new()
        {
            Business = business.Value,
            Number = chain.Last,
            Hash = chain.LastHash,
            At = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        KeySignature signature = await keys.Signer.SignAsync(checkpoint.ToStatement(), cancellationToken);
        await audit.AddCheckpointAsync(business, new SignedCheckpoint(checkpoint, signature), cancellationToken);
    }

    /// <summary>Null when the last checkpoint isn't there or isn't ours: then nothing says that what follows it follows what was.</summary>
    private async Task<AuditChain?> BeginAsync(BusinessId business, long signed, CancellationToken cancellationToken)
    {
        if (signed == 0)
        {
            return new AuditChain(business.Value, time.GetUtcNow());
        }

        return await audit.ListCheckpointsAsync(business, signed, signed, 1, cancellationToken) is [{ } last]
            && last.Checkpoint.Business == business.Value
            && last.Checkpoint.Number == signed
            && await keys.Signer.VerifyAsync(last.Checkpoint.ToStatement(), last.Signature, cancellationToken)
                ? new AuditChain(business.Value, time.GetUtcNow(), signed, last.Checkpoint.Hash)
                : null;
    }

    private async Task DeletePastAsync(BusinessId business, CancellationToken cancellationToken)
    {
        long before = (time.GetUtcNow() - AuditChain.Life).ToUnixTimeMilliseconds();
        if (_pruned.TryGet(business) is not null)
        {
            return;
        }

        _pruned.Put(business, audit);
        if (await audit.FindOldestAsync(business, cancellationToken) is not { } oldest || oldest.At >= before)
        {
            return;
        }

        IReadOnlyList<SignedCheckpoint> checkpoints = await audit.ListCheckpointsAsync(business, 0, AuditStore.MaxNumber, Page, cancellationToken);
        if (checkpoints.LastOrDefault(one => one.Checkpoint.At < before) is { } last)
        {
            await audit.DeleteThroughAsync(business, last.Checkpoint.Number, MaxDeleted, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(331, LogLevel.Error, "The audit of business {Business} is broken at entry {Entry}: it was changed from outside. It is not signed any further.")]
        internal static partial void Broken(ILogger logger, BusinessId business, long entry);

        [LoggerMessage(332, LogLevel.Warning, "The audit of business {Business} could not be signed ({Fault}); the next run tries again.")]
        internal static partial void NotSigned(ILogger logger, BusinessId business, FaultKind fault);
    }
}

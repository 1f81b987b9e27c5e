using Relay.Shared.Conversations;
using Relay.Shared.Primitives;
using Relay.Shared.Proof.Audits;
using Relay.Shared.Sealing;

namespace Relay.Shared.Proof.Receipts;

/// <summary>
/// Gives a business a signed receipt for each day whose key is destroyed and whose rows are deleted. It comes once the day is done; where rows can't be deleted for
/// days it comes all the same and says how many conversations remain, and a later issue replaces it. May die anywhere and run twice: the counts are what
/// <see cref="DeletionTally"/> holds.
/// </summary>
public sealed class IssueDayReceipts(
    DeletionTally tally, ReceiptStore receipts, IssueReceipt issue, AuditStore audit, ExpiryIndex expiry, KeyRing keys, TimeProvider time)
{
    /// <summary>How long a receipt is kept, in days: three years.</summary>
    internal const int DaysKept = 1_096;

    /// <summary>Dead days that are waited for before a receipt tells of what remains.</summary>
    private const int Patience = 2;

    /// <summary>Dead days after which no run that has seen the day's rows can still be at work.</summary>
    private const int Closing = 3;

    /// <summary>Receipts past their days that go in one run.</summary>
    private const int MaxDeleted = 100;

    /// <param name="business">Whose.</param>
    /// <param name="firstLive">The first day that may still be read.</param>
    /// <param name="firstSwept">The oldest day whose rows are still looked for.</param>
    /// <param name="swept">Days of which this run has found no rows left, of anybody.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>How many receipts were issued.</returns>
    internal async Task<int> ExecuteAsync(
        BusinessId business, UtcDay firstLive, UtcDay firstSwept, IReadOnlySet<UtcDay> swept, CancellationToken cancellationToken)
    {
        int issued = 0;
        foreach (UtcDay day in await tally.ListDaysAsync(business, cancellationToken))
        {
            StoredReceipt? last = await receipts.FindAsync(business, IdOf(day), cancellationToken);
            bool isOver = day < firstSwept;
            if (last is not null && (isOver || last.Receipt.Remaining == 0))
            {
                if (day < firstLive.AddDays(-Closing))
                {
                    await tally.CloseAsync(business, day, cancellationToken);
                }

                continue;
            }

            IReadOnlyList<ConversationKey> left = swept.Contains(day) ? [] : await expiry.ListAllAsync(business, day, cancellationToken);
            bool waits = left.Count > 0 && !isOver && day >= firstLive.AddDays(-Patience);
            if (!waits && await TryIssueAsync(business, day, last, left, cancellationToken))
            {
                issued++;
            }
        }

        if (issued > 0)
        {
            await receipts.DeleteBeforeAsync(business, UtcDay.Today(time).AddDays(-DaysKept), MaxDeleted, cancellationToken);
        }

        return issued;
    }

    private static string IdOf(UtcDay day) => $"{day.Key}-{ReceiptKind.Retention}";

    /// <summary>False when there is nothing new to say, or another run said it.</summary>
    private async Task<bool> TryIssueAsync(
        BusinessId business, UtcDay day, StoredReceipt? last, IReadOnlyList<ConversationKey> left, CancellationToken cancellationToken)
    {
        if (await keys.FindStoredAsync(business.Value, day.Key, cancellationToken) is not null)
        {
            // Noted, and its destruction was cut short: the next run's first step.
            return false;
        }

        DayTally sum = await tally.SumAsync(business, day, left, cancellationToken);
        if (last is not null && last.Receipt.Rows == sum.Rows && last.Receipt.Conversations == sum.Conversations && last.Receipt.Remaining == left.Count)
        {
            return false;
        }

        NotedKey? key = await tally.FindKeyAsync(business, day, cancellationToken);
        AuditHead? head = await audit.FindHeadAsync(business, cancellationToken);
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        DeletionReceipt receipt = new()
        {
            Business = business.Value,
            Id = IdOf(day),
            Kind = ReceiptKind.Retention,
            Day = day.Key,
            Issue = last is null ? 1 : last.Receipt.Issue + 1,
            BeganAt = Math.Min(now, Math.Min(key?.At ?? long.MaxValue, sum.BeganAt)) / 1_000,
            IssuedAt = now / 1_000,
            Key = key is null ? null : day.Key,
            Kek = key is null ? null : Printable(key.Kek),
            WrappedKeyHash = key?.WrappedHash,
            Conversations = sum.Conversations,
            Rows = sum.Rows,
            Counts = sum.IsExact ? DeletionReceipt.Exact : DeletionReceipt.AtLeast,
            Remaining = left.Count,
            AuditEntries = head?.Entries,
            AuditHash = head?.Hash,
        };
        SignedReceipt signed = await issue.SignAsync(receipt, cancellationToken);
        return last is null
            ? await receipts.TryAddAsync(business, signed, cancellationToken)
            : await receipts.TryReplaceAsync(business, last, signed, cancellationToken);
    }

    /// <summary>What stood in table <c>dek</c> may have been written by somebody else.</summary>
    private static string Printable(string kek) => kek.All(c => c is > ' ' and <= '~') ? kek : "unreadable";
}

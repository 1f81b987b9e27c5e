using System.Security.Cryptography;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Idempotency;

// A claim is two rows of one transaction, for the day it is made on and for the day after:
//
//   PartitionKey business, RowKey {yyyyMMdd}-{hex HMAC of phone number id and key}
//
// Any two claims of a key that are made on one day or on days that follow each other insert a row in common, whatever midnight and clocks
// do in between, so one of them fails; and what is to be deleted are the rows of past days: one range, no live row among them.
/// <summary>
/// Table <c>idempotency</c>: who claims a key first has it for <see cref="Life"/>, to the millisecond; all others are told what it became.
/// One transaction for a new key.
/// </summary>
public sealed class ClaimStore(ITableStore tables, TimeProvider time)
{
    internal static readonly TimeSpan Life = TimeSpan.FromHours(24);

    private const string HashColumn = "hash";
    private const string ConversationColumn = "conv";
    private const string MessageColumn = "msg";
    private const string TimeColumn = "at";
    private const string QueuedColumn = "queued";

    /// <summary>Claims that lost this often have met a clock that is wrong by a day.</summary>
    private const int MaxRaces = 10;

    /// <summary>Claims a key for what the request is about to become, or says what it became.</summary>
    internal async Task<Claim> ClaimAsync(BusinessId business, KeyedRequest request, Acceptance acceptance, CancellationToken cancellationToken)
    {
        UtcDay today = UtcDay.Today(time);
        string[] rows = [RowKey(today, request), RowKey(today.AddDays(1), request)];
        Dictionary<string, object> columns = new()
        {
            [HashColumn] = request.Fingerprint,
            [ConversationColumn] = acceptance.Conversation.Hex,
            [MessageColumn] = acceptance.Message.Hex,
            [TimeColumn] = acceptance.At,
        };
        string?[] expired = [null, null];
        for (int race = 0; race < MaxRaces; race++)
        {
            TableWrite[] writes = [.. rows.Zip(expired, (row, etag) => etag is null ? TableWrite.Insert(row, columns) : TableWrite.Replace(row, etag, columns))];
            CommitResult result = await tables.CommitAsync(TableNames.Idempotency, business.Value, writes, cancellationToken);
            if (result.IsSaved)
            {
                return new Claim(acceptance, request.Fingerprint, rows[0]) { IsNew = true };
            }

            int failed = Array.IndexOf(rows, result.FailedRowKey);
            TableRow? row = await tables.GetAsync(TableNames.Idempotency, business.Value, rows[failed], cancellationToken);
            if (row is not null && Read(row) is var claim && IsLive(claim.Acceptance))
            {
                return claim;
            }

            expired[failed] = row?.ETag;
        }

        throw new TimeoutException("A key was claimed by others again and again.");
    }

    /// <summary>What a key became, or null while it is free.</summary>
    internal async Task<Claim?> FindAsync(BusinessId business, KeyedRequest request, CancellationToken cancellationToken)
    {
        TableRow? row = await tables.GetAsync(TableNames.Idempotency, business.Value, RowKey(UtcDay.Today(time), request), cancellationToken);
        return row is not null && Read(row) is var claim && IsLive(claim.Acceptance) ? claim : null;
    }

    /// <summary>Notes that a repeat has put the message into the queue, so that the next one needn't.</summary>
    internal Task MarkQueuedAsync(BusinessId business, Claim claim, CancellationToken cancellationToken) => tables.CommitAsync(
        TableNames.Idempotency,
        business.Value,
        [TableWrite.Merge(claim.RowKey, null, new Dictionary<string, object> { [QueuedColumn] = true })],
        cancellationToken);

    internal bool IsLive(Acceptance acceptance) => time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(acceptance.At) < Life;

    /// <summary>Deletes a business's rows of past days, at most <paramref name="most"/>; says how many.</summary>
    internal Task<int> DeletePastAsync(BusinessId business, int most, CancellationToken cancellationToken) =>
        tables.DeleteAsync(TableNames.Idempotency, new TableRange(business.Value, "0", UtcDay.Today(time).Key, most), cancellationToken);

    private static string RowKey(UtcDay day, KeyedRequest request) => $"{day.Key}-{request.Name}";

    private static Claim Read(TableRow row) =>
        ConversationId.TryParse(row.Get<string>(ConversationColumn), out ConversationId conversation)
        && EnvelopeId.TryParse(row.Get<string>(MessageColumn), out EnvelopeId message)
            ? new Claim(new Acceptance(conversation, message, row.Get<long>(TimeColumn)), row.Get<byte[]>(HashColumn), row.RowKey)
            {
                IsQueued = row.Get(QueuedColumn, false),
            }
            : throw new InvalidDataException("A claim names no message.");
}

/// <param name="Acceptance">What the key stands for.</param>
/// <param name="Fingerprint">Of the request that claimed it.</param>
/// <param name="RowKey">The row it was read from.</param>
internal sealed record Claim(Acceptance Acceptance, byte[] Fingerprint, string RowKey)
{
    /// <summary>By this very call.</summary>
    internal bool IsNew { get; init; }

    /// <summary>Its queue message is known to have been put.</summary>
    internal bool IsQueued { get; init; }

    internal bool IsFor(KeyedRequest request) => CryptographicOperations.FixedTimeEquals(Fingerprint, request.Fingerprint);
}

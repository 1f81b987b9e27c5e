using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Proof.Audits;
using Relay.Shared.Proof.Receipts;
using Relay.Shared.Sealing;

namespace Relay.Shared.Proof.Privacy;

/// <summary>
/// <c>GET /relay/v1/privacy</c>: the table of design.md §8 as it is now. For a business, its own oldest items and the names of the keys that protect them: five
/// queries. For the operator, the oldest over all, by the expiry index: it ends at the first conversation, and after 31 days at most.
/// </summary>
public sealed class ShowPrivacy(KeyRing keys, ReceiptStore receipts, AuditStore audit, ExpiryIndex expiry, TimeProvider time)
{
    private const string DayKey = "day_key";
    private const string LookupKey = "lookup_key";
    private const string LongLivedKey = "long_lived_key";
    private const string LookupPrefix = "lookup-";
    private const string StoreName = "store";

    /// <summary>Dead days that the operator is shown if rows of them are left.</summary>
    private const int OverdueDays = 2;

    public async Task<Result<PrivacyAnswer, GraphError>> ExecuteAsync(Caller caller, CancellationToken cancellationToken) =>
        caller.Lacks(AccessScopes.Management) is { } refusal ? refusal : await ExecuteAsync(caller.Business, cancellationToken);

    /// <summary>Of one business, for itself or for who administers it. Reads nothing of conversations.</summary>
    public async Task<Result<PrivacyAnswer, GraphError>> ExecuteAsync(BusinessId business, CancellationToken cancellationToken)
    {
        string tenant = business.Value;
        StoredKey? day = await keys.FindOldestDayAsync(tenant, cancellationToken);
        StoredKey? lookup = await keys.FindFirstNamedAsync(tenant, LookupPrefix, cancellationToken);
        StoredKey? store = await keys.FindStoredAsync(tenant, StoreName, cancellationToken);
        IReadOnlyList<SignedReceipt> receipt = await receipts.ListAsync(business, string.Empty, 1, cancellationToken);
        AuditEntry? entry = await audit.FindOldestAsync(business, cancellationToken);
        PrivacyKey? dayKey = day is null ? null : new PrivacyKey(DayKey, day.Name, day.KekId, EndOf(day.Name));
        return Answer(
            "business",
            [
                PrivacyTable.Content with { OldestDay = day?.Name, Key = dayKey },
                PrivacyTable.Number with { OldestDay = FirstDayOf(lookup), Key = lookup is null ? null : new PrivacyKey(LookupKey, lookup.Name, lookup.KekId, EndOf(lookup)) },
                PrivacyTable.Activity with { OldestDay = day?.Name },
                PrivacyTable.Business with
                {
                    OldestDay = store is null ? null : UtcDay.Of(store.MadeAt).Key,
                    Key = store is null ? null : new PrivacyKey(LongLivedKey, store.Name, store.KekId, null),
                },
                PrivacyTable.Receipts with { OldestDay = receipt is [{ } first] ? first.Receipt.Id[..8] : null },
                PrivacyTable.Audit with { OldestDay = entry is null ? null : UtcDay.Of(DateTimeOffset.FromUnixTimeMilliseconds(entry.At)).Key },
            ]);
    }

    /// <summary>For the operator.</summary>
    public async Task<Result<PrivacyAnswer, GraphError>> ExecuteAsync(CancellationToken cancellationToken)
    {
        UtcDay today = UtcDay.Today(time);
        UtcDay? oldest = await expiry.FindOldestAsync(Retention.FirstLiveDay(today).AddDays(-OverdueDays), today, cancellationToken);
        PrivacyKey? dayKey = oldest is { } day ? new PrivacyKey(DayKey, null, null, EndOf(day.Key)) : null;
        return Answer(
            "operator",
            [
                PrivacyTable.Content with { OldestDay = oldest?.Key, Key = dayKey },
                PrivacyTable.Number with { Key = new PrivacyKey(LookupKey, null, null, null) },
                PrivacyTable.Activity with { OldestDay = oldest?.Key },
                PrivacyTable.Business with { Key = new PrivacyKey(LongLivedKey, null, null, null) },
                PrivacyTable.Receipts,
                PrivacyTable.Audit,
            ]);
    }

    private PrivacyAnswer Answer(string view, IReadOnlyList<PrivacyLine> live) => new(
        view,
        time.GetUtcNow().ToUnixTimeSeconds(),
        [.. live, PrivacyTable.Ciphertext, PrivacyTable.Statistics, PrivacyTable.Integrity, PrivacyTable.Billing]);

    private static string? EndOf(string dayKey) => UtcDay.TryParse(dayKey, out UtcDay day) ? day.AddDays(Retention.Days + 1).Key : null;

    private static LookupEpoch? EpochOf(StoredKey? lookup) =>
        lookup is not null && LookupEpoch.TryParse(lookup.Name[LookupPrefix.Length..], out LookupEpoch epoch) ? epoch : null;

    private static string? FirstDayOf(StoredKey? lookup) => EpochOf(lookup)?.FirstDay.Key;

    /// <summary>It goes on the first day on which its epoch is neither the current one nor the one before.</summary>
    private static string? EndOf(StoredKey lookup) => EpochOf(lookup) is { } epoch ? new LookupEpoch(epoch.Number + 2).FirstDay.AddDays(1).Key : null;
}

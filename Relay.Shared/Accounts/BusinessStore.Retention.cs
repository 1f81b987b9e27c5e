using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Accounts;

/// <summary>
/// Rows <c>retention-{phone number id}</c> beside a business: <c>minutes</c>, for how long a number that was removed <c>at</c> some time kept its messages. Those that it left behind go
/// when it said.
/// </summary>
public sealed partial class BusinessStore
{
    private const string RetentionPrefix = "retention-";
    private const string MinutesColumn = "minutes";
    private const string AtColumn = "at";

    internal Task KeepRetentionAsync(BusinessId id, PhoneNumberId number, TimeSpan period, DateTimeOffset now, CancellationToken cancellationToken)
    {
        TableWrite write = TableWrite.Upsert(
            RetentionPrefix + number.Value, new Dictionary<string, object> { [MinutesColumn] = (int)period.TotalMinutes, [AtColumn] = now.ToUnixTimeMilliseconds() });
        return tables.CommitAsync(TableNames.Businesses, id.Value, [write], cancellationToken);
    }

    /// <summary>Null for a number that is still there, had no retention of its own, or was removed long ago.</summary>
    internal async Task<TimeSpan?> FindRetentionAsync(BusinessId id, PhoneNumberId number, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Businesses, id.Value, RetentionPrefix + number.Value, cancellationToken) is { } row
            ? TimeSpan.FromMinutes(row.Get<int>(MinutesColumn))
            : null;

    /// <summary>Forgets those of numbers that were removed before then: nothing of theirs is left.</summary>
    internal Task DeleteRetentionsAsync(BusinessId id, DateTimeOffset before, CancellationToken cancellationToken) => tables.DeleteAsync(
        TableNames.Businesses,
        TableRange.StartingWith(id.Value, RetentionPrefix, int.MaxValue),
        row => row.Get(AtColumn, 0L) < before.ToUnixTimeMilliseconds(),
        int.MaxValue,
        cancellationToken);
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Accounts;

/// <summary>
/// Table <c>subscriptions</c>: PartitionKey the business, RowKey the subscriber (<see cref="SubscriberId"/>); address and verify token sealed.
/// A row is written only after its endpoint has answered the verification handshake, and whole: what was known of the endpoint before is forgotten.
/// </summary>
public sealed partial class SubscriptionStore(ITableStore tables, Sealer sealer)
{
    private const string SealedColumn = "sealed";
    private const string DisabledColumn = "disabled";
    private const string UnsubscribedColumn = "unsubscribed";
    private const string FailingColumn = "failing";
    private const string SinceColumn = "since";
    private const string NumberColumn = "number";
    private const string FieldsColumn = "fields";
    private const char Separator = ',';

    /// <summary>An override for each number, and the rest.</summary>
    private const int MaxRows = 10_100;

    public async Task SaveAsync(BusinessId business, Subscription subscription, CancellationToken cancellationToken)
    {
        byte[] plain = JsonSerializer.SerializeToUtf8Bytes(
            new SealedSubscription(subscription.Callback.AbsoluteUri, subscription.VerifyToken.Reveal()), SubscriptionStoreJson.Default.SealedSubscription);
        byte[] blob = await sealer.SealLongLivedAsync(business.Value, Place(business, subscription.Id), plain, cancellationToken);
        Dictionary<string, object> columns = new() { [SealedColumn] = blob, [SinceColumn] = subscription.Since.ToUnixTimeMilliseconds() };
        if (subscription.IsUnsubscribed)
        {
            columns[UnsubscribedColumn] = true;
        }

        if (subscription.IsDisabled)
        {
            columns[DisabledColumn] = true;
        }

        if (subscription.Number is { } number)
        {
            columns[NumberColumn] = number.Value;
        }

        if (subscription.Fields.Count > 0)
        {
            columns[FieldsColumn] = string.Join(Separator, subscription.Fields);
        }

        await tables.CommitAsync(TableNames.Subscriptions, business.Value, [TableWrite.Upsert(subscription.Id.Value, columns)], cancellationToken);
    }

    /// <summary>False when there was none.</summary>
    public async Task<bool> RemoveAsync(BusinessId business, SubscriberId id, CancellationToken cancellationToken) =>
        (await tables.CommitAsync(TableNames.Subscriptions, business.Value, [TableWrite.Delete(id.Value, null)], cancellationToken)).IsSaved;

    /// <summary>
    /// Ends a callback whose endpoint wants no more or has failed too long; it stays until it is set again. False when it isn't the stored one any more.
    /// </summary>
    public Task<bool> DisableAsync(BusinessId business, Subscription subscription, CancellationToken cancellationToken) =>
        MergeAsync(business, subscription, DisabledColumn, true, cancellationToken);

    /// <summary>Notes since when an endpoint has done nothing but fail; null when it answers again. False when it isn't the stored one any more.</summary>
    public Task<bool> SetFailingAsync(BusinessId business, Subscription subscription, DateTimeOffset? since, CancellationToken cancellationToken) =>
        MergeAsync(business, subscription, FailingColumn, since?.ToUnixTimeMilliseconds() ?? 0L, cancellationToken);

    /// <summary>Takes the app off its account, or puts it back.</summary>
    public Task<bool> SetUnsubscribedAsync(BusinessId business, Subscription subscription, bool unsubscribed, CancellationToken cancellationToken) =>
        MergeAsync(business, subscription, UnsubscribedColumn, unsubscribed, cancellationToken);

    /// <summary>Null when none was set.</summary>
    public async Task<Subscription?> FindAsync(BusinessId business, SubscriberId id, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Subscriptions, business.Value, id.Value, cancellationToken) is { } row
            ? await ReadAsync(business, id, row, cancellationToken)
            : null;

    public async Task<BusinessSubscriptions> ListAsync(BusinessId business, CancellationToken cancellationToken)
    {
        List<Subscription> all = [];
        await foreach (TableRow row in tables.QueryAsync(TableNames.Subscriptions, TableRange.Partition(business.Value, MaxRows), cancellationToken))
        {
            if (SubscriberId.TryParse(row.RowKey, out SubscriberId id))
            {
                all.Add(await ReadAsync(business, id, row, cancellationToken));
            }
        }

        return new BusinessSubscriptions(all);
    }

    private async Task<bool> MergeAsync(BusinessId business, Subscription subscription, string column, object value, CancellationToken cancellationToken)
    {
        TableWrite write = TableWrite.Merge(subscription.Id.Value, subscription.ETag, new Dictionary<string, object> { [column] = value });
        return (await tables.CommitAsync(TableNames.Subscriptions, business.Value, [write], cancellationToken)).IsSaved;
    }

    private async Task<Subscription> ReadAsync(BusinessId business, SubscriberId id, TableRow row, CancellationToken cancellationToken)
    {
        byte[] plain = await sealer.OpenAsync(business.Value, Place(business, id), row.Get<byte[]>(SealedColumn), cancellationToken) ?? throw new SealBrokenException();
        SealedSubscription part = JsonSerializer.Deserialize(plain, SubscriptionStoreJson.Default.SealedSubscription) ?? throw new SealBrokenException();
        return new Subscription(new Uri(part.Callback), new Secret(part.VerifyToken))
        {
            Id = id,
            ETag = row.ETag,
            Number = PhoneNumberId.TryParse(row.Get(NumberColumn, string.Empty), out PhoneNumberId number) ? number : null,
            Fields = row.Get(FieldsColumn, string.Empty) is { Length: > 0 } fields ? fields.Split(Separator) : [],
            Since = DateTimeOffset.FromUnixTimeMilliseconds(row.Get(SinceColumn, 0L)),
            FailingSince = row.Get(FailingColumn, 0L) is > 0 and var failing ? DateTimeOffset.FromUnixTimeMilliseconds(failing) : null,
            IsDisabled = row.Get(DisabledColumn, false),
            IsUnsubscribed = row.Get(UnsubscribedColumn, false),
        };
    }

    private static SealedPlace Place(BusinessId business, SubscriberId id) => new(TableNames.Subscriptions, business.Value, id.Value, SealedColumn);

    private sealed record SealedSubscription(string Callback, string VerifyToken)
    {
        public override string ToString() => "[redacted]";
    }

    [JsonSerializable(typeof(SealedSubscription))]
    private sealed partial class SubscriptionStoreJson : JsonSerializerContext;
}

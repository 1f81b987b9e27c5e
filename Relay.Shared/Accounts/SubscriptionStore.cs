using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Accounts;

/// <summary>
/// Table <c>subscriptions</c>: PartitionKey the business, RowKey <c>app</c> (the app's callback); address and verify token sealed.
/// A row is written only after its endpoint has answered the verification handshake.
/// </summary>
public sealed partial class SubscriptionStore(ITableStore tables, Sealer sealer)
{
    private const string AppRow = "app";
    private const string SealedColumn = "sealed";
    private const string DisabledColumn = "disabled";

    public async Task SaveAsync(BusinessId business, Subscription subscription, CancellationToken cancellationToken)
    {
        byte[] plain = JsonSerializer.SerializeToUtf8Bytes(
            new SealedSubscription(subscription.Callback.AbsoluteUri, subscription.VerifyToken.Reveal()), SubscriptionStoreJson.Default.SealedSubscription);
        byte[] blob = await sealer.SealLongLivedAsync(business.Value, Place(business), plain, cancellationToken);
        Dictionary<string, object> columns = new() { [SealedColumn] = blob };
        await tables.CommitAsync(TableNames.Subscriptions, business.Value, [TableWrite.Upsert(AppRow, columns)], cancellationToken);
    }

    /// <summary>
    /// Ends a callback whose endpoint wants no more; it stays until another is set. False when it isn't the stored one any more.
    /// </summary>
    public async Task<bool> DisableAsync(BusinessId business, Subscription subscription, CancellationToken cancellationToken)
    {
        TableWrite write = TableWrite.Merge(AppRow, subscription.ETag, new Dictionary<string, object> { [DisabledColumn] = true });
        return (await tables.CommitAsync(TableNames.Subscriptions, business.Value, [write], cancellationToken)).IsSaved;
    }

    /// <summary>Null when none was set.</summary>
    public async Task<Subscription?> FindAsync(BusinessId business, CancellationToken cancellationToken)
    {
        if (await tables.GetAsync(TableNames.Subscriptions, business.Value, AppRow, cancellationToken) is not { } row)
        {
            return null;
        }

        byte[] plain = await sealer.OpenAsync(business.Value, Place(business), row.Get<byte[]>(SealedColumn), cancellationToken) ?? throw new SealBrokenException();
        SealedSubscription part = JsonSerializer.Deserialize(plain, SubscriptionStoreJson.Default.SealedSubscription) ?? throw new SealBrokenException();
        return new Subscription(new Uri(part.Callback), new Secret(part.VerifyToken)) { ETag = row.ETag, IsDisabled = row.Get(DisabledColumn, false) };
    }

    private static SealedPlace Place(BusinessId business) => new(TableNames.Subscriptions, business.Value, AppRow, SealedColumn);

    private sealed record SealedSubscription(string Callback, string VerifyToken)
    {
        public override string ToString() => "[redacted]";
    }

    [JsonSerializable(typeof(SealedSubscription))]
    private sealed partial class SubscriptionStoreJson : JsonSerializerContext;
}

/// <summary>Where a business wants its webhooks.</summary>
public sealed class Subscription(Uri callback, Secret verifyToken)
{
    public Uri Callback { get; } = callback;

    public Secret VerifyToken { get; } = verifyToken;

    public SubscriberId Id { get; init; } = SubscriberId.App;

    /// <summary>Whether its endpoint is called no more until it is set again.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>Null for one that isn't in storage.</summary>
    internal string? ETag { get; init; }
}

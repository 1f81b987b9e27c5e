using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Signal;
using Relay.Shared.Storage;

namespace Relay.Shared.Accounts;

/// <summary>
/// Table <c>businesses</c>: row <c>B</c> in the business's own partition, its name and app secret sealed; and one row per business
/// in partition <c>all</c>, written first, so that maintenance finds every tenant that may own keys. Partition <c>apps</c> leads from an app to its business.
/// </summary>
public sealed partial class BusinessStore(ITableStore tables, Sealer sealer)
{
    private const string IndexPartition = "all";
    private const string AppsPartition = "apps";
    private const string OwnerColumn = "business";
    private const string Row = "B";
    private const string WabaColumn = "waba";
    private const string AppColumn = "app";
    private const string SealedColumn = "sealed";
    private const string ProtocolsColumn = "protocols";
    private const string ReplayColumn = "replay";

    public async Task AddAsync(Business business, CancellationToken cancellationToken)
    {
        byte[] plain = JsonSerializer.SerializeToUtf8Bytes(
            new SealedBusiness(business.Name.Reveal(), business.AppSecret.Reveal()), BusinessStoreJson.Default.SealedBusiness);
        string partition = business.Id.Value;
        await tables.CommitAsync(TableNames.Businesses, IndexPartition, [TableWrite.Insert(partition, new Dictionary<string, object>())], cancellationToken);
        TableWrite app = TableWrite.Insert(business.AppId, new Dictionary<string, object> { [OwnerColumn] = partition });
        await tables.CommitAsync(TableNames.Businesses, AppsPartition, [app], cancellationToken);
        byte[] blob = await sealer.SealLongLivedAsync(partition, Place(partition), plain, cancellationToken);
        Dictionary<string, object> columns = new() { [WabaColumn] = business.Waba.Value, [AppColumn] = business.AppId, [SealedColumn] = blob };
        await tables.CommitAsync(TableNames.Businesses, partition, [TableWrite.Insert(Row, columns)], cancellationToken);
    }

    public async Task<Business?> FindAsync(BusinessId id, CancellationToken cancellationToken)
    {
        if (await tables.GetAsync(TableNames.Businesses, id.Value, Row, cancellationToken) is not { } row)
        {
            return null;
        }

        SealedBusiness part = await OpenAsync(id, row, cancellationToken);
        return new Business
        {
            Id = id,
            Waba = WabaId.Parse(row.Get<string>(WabaColumn)),
            AppId = row.Get<string>(AppColumn),
            Name = new Sensitive<string>(part.Name),
            AppSecret = new Secret(part.AppSecret),
            PreviousAppSecret = part.PreviousSecret is { } previous ? new ExpiringSecret(new Secret(previous), DateTimeOffset.FromUnixTimeSeconds(part.PreviousUntil)) : null,
            ReplayWindow = new ReplayWindow(row.Get(ReplayColumn, 0)),
            SignalPolicy = new SignalPolicy((SessionProtocols)row.Get(ProtocolsColumn, (int)SessionProtocols.All)),
        };
    }

    /// <summary>Sets with which Signal protocols sessions may be opened; false when there is no such business.</summary>
    public async Task<bool> SetProtocolsAsync(BusinessId id, SessionProtocols allowed, CancellationToken cancellationToken)
    {
        TableWrite write = TableWrite.Merge(Row, null, new Dictionary<string, object> { [ProtocolsColumn] = (int)allowed });
        return (await tables.CommitAsync(TableNames.Businesses, id.Value, [write], cancellationToken)).IsSaved;
    }

    /// <summary>The business that an app is of.</summary>
    internal async Task<BusinessId?> FindByAppAsync(string appId, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Businesses, AppsPartition, appId, cancellationToken) is { } row && BusinessId.TryParse(row.Get<string>(OwnerColumn), out BusinessId id) ? id : null;

    /// <summary>Whether there is, or was begun, a business of that id; opens nothing.</summary>
    public async Task<bool> ExistsAsync(BusinessId id, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Businesses, IndexPartition, id.Value, cancellationToken) is not null;

    /// <summary>Forgets a business that has nothing else any more: what it was called, and last that there was one.</summary>
    internal async Task RemoveAsync(BusinessId id, CancellationToken cancellationToken)
    {
        if (await tables.GetAsync(TableNames.Businesses, id.Value, Row, cancellationToken) is { } row)
        {
            await tables.CommitAsync(TableNames.Businesses, AppsPartition, [TableWrite.Delete(row.Get<string>(AppColumn), null)], cancellationToken);
        }

        await tables.DeleteAsync(TableNames.Businesses, TableRange.Partition(id.Value, TableLimits.MaxWritesPerCommit), cancellationToken);
        await tables.CommitAsync(TableNames.Businesses, IndexPartition, [TableWrite.Delete(id.Value, null)], cancellationToken);
    }

    /// <summary>Every business that may have keys or rows, also one whose creation was cut short.</summary>
    public async IAsyncEnumerable<BusinessId> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TableRow row in tables.QueryAsync(TableNames.Businesses, TableRange.Partition(IndexPartition, int.MaxValue), cancellationToken))
        {
            yield return BusinessId.Parse(row.RowKey);
        }
    }

    /// <summary>A page of the same, in the order of their ids: those after <paramref name="after"/>.</summary>
    internal async IAsyncEnumerable<BusinessId> ListAsync(
        string after, int limit, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? from = after.Length == 0 ? null : after + "!";
        await foreach (TableRow row in tables.QueryAsync(TableNames.Businesses, new TableRange(IndexPartition, from, null, limit), cancellationToken))
        {
            yield return BusinessId.Parse(row.RowKey);
        }
    }

    /// <summary>Each of them once: those after <paramref name="start"/>, then those up to it.</summary>
    internal async IAsyncEnumerable<BusinessId> RoundAsync(string start, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (BusinessId business in ListAsync(start, int.MaxValue, cancellationToken))
        {
            yield return business;
        }

        await foreach (BusinessId business in ListAsync(string.Empty, int.MaxValue, cancellationToken))
        {
            if (string.CompareOrdinal(business.Value, start) > 0)
            {
                yield break;
            }

            yield return business;
        }
    }

    private static SealedPlace Place(string partition) => new(TableNames.Businesses, partition, Row, SealedColumn);

    private sealed record SealedBusiness(string Name, string AppSecret, string? PreviousSecret = null, long PreviousUntil = 0)
    {
        public override string ToString() => "[redacted]";
    }

    [JsonSerializable(typeof(SealedBusiness))]
    private sealed partial class BusinessStoreJson : JsonSerializerContext;
}

/// <summary>A business as the Business Manager keeps it.</summary>
public sealed class Business
{
    public required BusinessId Id { get; init; }

    public required WabaId Waba { get; init; }

    /// <summary>The app whose secret signs its webhooks; digits.</summary>
    public required string AppId { get; init; }

    public required Sensitive<string> Name { get; init; }

    /// <summary>Signs webhooks: 32 hex digits, used as their ASCII bytes.</summary>
    public required Secret AppSecret { get; init; }

    /// <summary>The one before, which still opens for a time but signs nothing; null when it was never rotated.</summary>
    public ExpiringSecret? PreviousAppSecret { get; init; }

    /// <summary>How long the payloads of told webhooks are kept.</summary>
    public ReplayWindow ReplayWindow { get; init; } = new(0);

    /// <summary>With which Signal protocols its sessions may be opened.</summary>
    public SignalPolicy SignalPolicy { get; init; } = SignalPolicy.AcceptAll;
}

/// <param name="Secret">The secret.</param>
/// <param name="Until">When it ends.</param>
public sealed record ExpiringSecret(Secret Secret, DateTimeOffset Until)
{
    public override string ToString() => "[redacted]";
}

using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Transport.Integrity.Standing;

/// <summary>
/// Table <c>signals</c>, standings: PartitionKey the business, RowKey <c>standing</c>. A business without a row has the standing of a new one.
/// </summary>
public sealed class StandingStore(TransportStorage storage, ListedBusinesses listed, NewBusinessTier first, TimeProvider time)
{
    /// <summary>How long a change may go unnoticed by an instance.</summary>
    public static readonly TimeSpan CacheLife = TimeSpan.FromSeconds(30);

    private const string Row = "standing";
    private const string TierColumn = "tier";
    private const string TierSinceColumn = "since";
    private const string QualityColumn = "quality";
    private const string RedColumn = "red";
    private const string HalfColumn = "half";
    private const string RestrictedColumn = "restricted";
    private const string FixedColumn = "fixed";
    private const string SetColumn = "set";
    private const int MaxCached = 20_000;
    private const int MaxRaces = 10;

    private readonly ShortCache<string, BusinessStanding> _known = new(time, CacheLife, MaxCached);

    /// <summary>As it was up to <see cref="CacheLife"/> ago.</summary>
    internal async ValueTask<BusinessStanding> KnownAsync(string business, CancellationToken cancellationToken)
    {
        if (_known.TryGet(business) is { } known)
        {
            return known;
        }

        BusinessStanding standing = (await ReadAsync(business, cancellationToken)).Standing;
        _known.Put(business, standing);
        return standing;
    }

    /// <summary>As it is.</summary>
    internal async Task<BusinessStanding> FindAsync(string business, CancellationToken cancellationToken) => (await ReadAsync(business, cancellationToken)).Standing;

    /// <summary>Changes what is there, whoever else does; answers it before and after. A change may be called more than once.</summary>
    internal async Task<(BusinessStanding Before, BusinessStanding After)> ChangeAsync(
        string business, Func<BusinessStanding, BusinessStanding> change, CancellationToken cancellationToken)
    {
        for (int race = 0; race < MaxRaces; race++)
        {
            (BusinessStanding before, string? etag) = await ReadAsync(business, cancellationToken);
            BusinessStanding after = change(before);
            if (after == before)
            {
                return (before, after);
            }

            await listed.AddAsync(business, cancellationToken);
            TableWrite write = etag is null ? TableWrite.Insert(Row, Columns(after)) : TableWrite.Replace(Row, etag, Columns(after));
            if ((await storage.Tables.CommitAsync(TableNames.Signals, business, [write], cancellationToken)).IsSaved)
            {
                _known.Remove(business);
                return (before, after);
            }
        }

        throw new StorageFaultException("table commit", TableNames.Signals, 412, null);
    }

    /// <summary>
    /// Ends the list's entry of a business of which nothing is left here, or a standing that says what a new one's does: it was closed, or has been silent for a month.
    /// </summary>
    internal async Task LetGoAsync(string business, CancellationToken cancellationToken)
    {
        if (await listed.FindOldAsync(business, cancellationToken) is not { } entry)
        {
            return;
        }

        List<TableRow> left = await storage.Tables.QueryAsync(TableNames.Signals, TableRange.Partition(business, 2), cancellationToken).ToListAsync(cancellationToken);
        if (left is [var standing] && standing.RowKey == Row && IsAsNew(Read(standing))
            && (await storage.Tables.CommitAsync(TableNames.Signals, business, [TableWrite.Delete(Row, standing.ETag)], cancellationToken)).IsSaved)
        {
            left = [];
        }

        if (left.Count == 0)
        {
            await listed.RemoveAsync(entry, cancellationToken);
        }
    }

    private bool IsAsNew(BusinessStanding standing) =>
        standing is { Quality: QualityRating.Unknown, IsRestricted: false, IsTierFixed: false, RedSince: null, HalfUsedAt: null } && standing.Tier == first.Tier;

    private async Task<(BusinessStanding Standing, string? ETag)> ReadAsync(string business, CancellationToken cancellationToken) =>
        await storage.Tables.GetAsync(TableNames.Signals, business, Row, cancellationToken) is { } row
            ? (Read(row), row.ETag)
            : (new BusinessStanding { Tier = first.Tier, TierSince = DateTimeOffset.UnixEpoch }, null);

    private static BusinessStanding Read(TableRow row) => new()
    {
        Tier = MessagingTiers.TryParse(row.Get<string>(TierColumn), out MessagingTier tier) ? tier : throw new InvalidDataException("A standing has an unknown tier."),
        TierSince = row.Get<DateTimeOffset>(TierSinceColumn),
        Quality = (QualityRating)row.Get(QualityColumn, 0),
        RedSince = TimeOf(row, RedColumn),
        HalfUsedAt = TimeOf(row, HalfColumn),
        IsRestricted = row.Get(RestrictedColumn, false),
        IsTierFixed = row.Get(FixedColumn, false),
        SetAt = TimeOf(row, SetColumn),
    };

    private static DateTimeOffset? TimeOf(TableRow row, string column) => row.Columns.ContainsKey(column) ? row.Get<DateTimeOffset>(column) : null;

    private static Dictionary<string, object> Columns(BusinessStanding standing)
    {
        Dictionary<string, object> columns = new()
        {
            [TierColumn] = standing.Tier.Name(),
            [TierSinceColumn] = standing.TierSince,
            [QualityColumn] = (int)standing.Quality,
            [RestrictedColumn] = standing.IsRestricted,
            [FixedColumn] = standing.IsTierFixed,
        };
        if (standing.RedSince is { } red)
        {
            columns[RedColumn] = red;
        }

        if (standing.HalfUsedAt is { } half)
        {
            columns[HalfColumn] = half;
        }

        if (standing.SetAt is { } set)
        {
            columns[SetColumn] = set;
        }

        return columns;
    }
}

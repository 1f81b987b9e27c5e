using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Stamps;

/// <summary>Table <c>stamps</c>: in which region a business's numbers are. Whoever is first decides, for ever: its row is inserted and never changed or deleted.</summary>
public sealed class StampStore(ITableStore tables)
{
    private const string Row = "stamp";
    private const string RegionColumn = "region";

    public async Task<string?> FindAsync(BusinessId business, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Stamps, business.Value, Row, cancellationToken) is { } row ? row.Get<string>(RegionColumn) : null;

    /// <summary>The region that stands there now: the given one, or that of whoever was quicker.</summary>
    public async Task<string> RecordAsync(BusinessId business, string region, CancellationToken cancellationToken)
    {
        TableWrite write = TableWrite.Insert(Row, new Dictionary<string, object> { [RegionColumn] = region });
        return (await tables.CommitAsync(TableNames.Stamps, business.Value, [write], cancellationToken)).IsSaved
            ? region
            : await FindAsync(business, cancellationToken) ?? throw new InvalidDataException("A row of table stamps was there and is not.");
    }
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Details;

/// <summary>
/// Table <c>details</c>: what a business says of itself and its numbers, one sealed JSON a row (long-lived key). PartitionKey the business, RowKey what it
/// is about (<see cref="DetailRows"/>). Every change is guarded by what was read: of two at once, the second is made on top of the first.
/// </summary>
public sealed class DetailStore(ITableStore tables, Sealer sealer)
{
    private const string SealedColumn = "sealed";
    private const int MaxRaces = 16;

    internal async Task<T?> FindAsync<T>(BusinessId business, string row, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        await tables.GetAsync(TableNames.Details, business.Value, row, cancellationToken) is { } found ? await OpenAsync(business, found, type, cancellationToken) : null;

    /// <summary>
    /// Makes a change, as often as others are quicker. The change sees what is there (null for nothing) and is pure; its
    /// state is saved also when it refuses.
    /// </summary>
    internal async Task<DetailChange<T>> ChangeAsync<T>(
        BusinessId business, string row, JsonTypeInfo<T> type, Func<T?, DetailChange<T>> change, CancellationToken cancellationToken)
        where T : class
    {
        for (int race = 0; race < MaxRaces; race++)
        {
            TableRow? found = await tables.GetAsync(TableNames.Details, business.Value, row, cancellationToken);
            T? before = found is null ? null : await OpenAsync(business, found, type, cancellationToken);
            DetailChange<T> made = change(before);
            if (made.Next is null || ReferenceEquals(made.Next, before) || await TrySaveAsync(business, row, made.Next, found?.ETag, type, cancellationToken))
            {
                return made;
            }
        }

        throw new StorageFaultException("detail change", TableNames.Details, 0, "came and went");
    }

    /// <summary>False when there was none.</summary>
    /// <summary>Removes all that was said of a number.</summary>
    internal Task RemoveAsync(BusinessId business, PhoneNumberId number, CancellationToken cancellationToken) =>
        tables.DeleteAsync(TableNames.Details, TableRange.StartingWith(business.Value, DetailRows.Of(number), int.MaxValue), cancellationToken);

    internal async Task<bool> RemoveAsync(BusinessId business, string row, CancellationToken cancellationToken) =>
        (await tables.CommitAsync(TableNames.Details, business.Value, [TableWrite.Delete(row, null)], cancellationToken)).IsSaved;

    /// <summary>A page of the rows that start with a prefix.</summary>
    internal Task<TablePage> ListAsync(BusinessId business, string prefix, ListPosition position, CancellationToken cancellationToken) =>
        tables.ReadAsync(TableNames.Details, business.Value, prefix, position, cancellationToken);

    /// <summary>How many rows start with a prefix; counts no further than to a limit.</summary>
    internal async Task<int> CountAsync(BusinessId business, string prefix, int limit, CancellationToken cancellationToken)
    {
        int count = 0;
        await foreach (TableRow _ in tables.QueryAsync(TableNames.Details, TableRange.StartingWith(business.Value, prefix, limit), cancellationToken))
        {
            count++;
        }

        return count;
    }

    internal async Task<T> OpenAsync<T>(BusinessId business, TableRow row, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        byte[] plain = await sealer.OpenAsync(business.Value, Place(business, row.RowKey), row.Get<byte[]>(SealedColumn), cancellationToken) ?? throw new SealBrokenException();
        return JsonSerializer.Deserialize(plain, type) ?? throw new SealBrokenException();
    }

    private async Task<bool> TrySaveAsync<T>(BusinessId business, string row, T value, string? etag, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        byte[] blob = await sealer.SealLongLivedAsync(business.Value, Place(business, row), JsonSerializer.SerializeToUtf8Bytes(value, type), cancellationToken);
        Dictionary<string, object> columns = new() { [SealedColumn] = blob };
        TableWrite write = etag is null ? TableWrite.Insert(row, columns) : TableWrite.Replace(row, etag, columns);
        return (await tables.CommitAsync(TableNames.Details, business.Value, [write], cancellationToken)).IsSaved;
    }

    private static SealedPlace Place(BusinessId business, string row) => new(TableNames.Details, business.Value, row, SealedColumn);
}

using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.PhoneNumbers.Blocking;

/// <summary>
/// Table <c>blocks</c>: PartitionKey the business; row <c>{phone number id}:{name}</c> for each blocked user, the name a keyed hash, with the user's number sealed
/// under the key of a day: it dies with the day, the block doesn't. Row <c>h{phone number id}</c> counts them and changes with each change, in its
/// transaction: the list never grows past its limit, whoever adds to it at once.
/// </summary>
public sealed class BlockStore(ITableStore tables, Sealer sealer, TimeProvider time)
{
    internal const int MaxBlocks = 64_000;
    internal const int MaxPerCommit = TableLimits.MaxWritesPerCommit - 1;

    private const string SealedColumn = "sealed";
    private const string CountColumn = "count";
    private const string VersionColumn = "version";

    /// <summary>Null when the number blocks nobody and never did.</summary>
    internal async Task<BlockHead?> FindHeadAsync(BusinessId business, PhoneNumberId number, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Blocks, business.Value, HeadRow(number), cancellationToken) is { } row
            ? new BlockHead(row.Get<int>(CountColumn), row.Get<string>(VersionColumn), row.ETag)
            : null;

    internal async Task<BlockSet> LoadAsync(BusinessId business, PhoneNumberId number, string version, CancellationToken cancellationToken)
    {
        HashSet<UInt128> names = [];
        await foreach (TableRow row in tables.QueryAsync(TableNames.Blocks, TableRange.StartingWith(business.Value, Prefix(number), MaxBlocks), cancellationToken))
        {
            names.Add(BlockSet.Half(Convert.FromHexString(row.RowKey.AsSpan(Prefix(number).Length))));
        }

        return new BlockSet(version, names);
    }

    internal async Task<bool> HasAsync(BusinessId business, PhoneNumberId number, byte[] name, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Blocks, business.Value, Row(number, name), cancellationToken) is not null;

    /// <summary>Adds users that aren't there yet, at most <see cref="MaxPerCommit"/>; false when another change was quicker.</summary>
    internal async Task<bool> TryAddAsync(
        BusinessId business, PhoneNumberId number, BlockHead? head, IReadOnlyCollection<(byte[] Name, PhoneNumber User)> users, CancellationToken cancellationToken)
    {
        List<TableWrite> writes = [HeadWrite(number, head, users.Count)];
        foreach ((byte[] name, PhoneNumber user) in users)
        {
            writes.Add(TableWrite.Insert(Row(number, name), await ColumnsAsync(business, number, name, user, cancellationToken)));
        }

        return (await tables.CommitAsync(TableNames.Blocks, business.Value, writes, cancellationToken)).IsSaved;
    }

    /// <summary>Removes users that are there, at most <see cref="MaxPerCommit"/>; false when another change was quicker.</summary>
    internal async Task<bool> TryRemoveAsync(
        BusinessId business, PhoneNumberId number, BlockHead head, IReadOnlyCollection<byte[]> names, CancellationToken cancellationToken)
    {
        List<TableWrite> writes = [HeadWrite(number, head, -names.Count), .. names.Select(name => TableWrite.Delete(Row(number, name), null))];
        return (await tables.CommitAsync(TableNames.Blocks, business.Value, writes, cancellationToken)).IsSaved;
    }

    /// <summary>Seals a blocked user's number anew, under today's key; does nothing when the block is gone.</summary>
    internal async Task RenewAsync(BusinessId business, PhoneNumberId number, byte[] name, PhoneNumber user, CancellationToken cancellationToken)
    {
        TableWrite write = TableWrite.Merge(Row(number, name), null, await ColumnsAsync(business, number, name, user, cancellationToken));
        await tables.CommitAsync(TableNames.Blocks, business.Value, [write], cancellationToken);
    }

    /// <summary>A page of the list. A user whose number's day is dead has none.</summary>
    internal async Task<BlockPage> ListAsync(BusinessId business, PhoneNumberId number, ListPosition position, CancellationToken cancellationToken)
    {
        TablePage page = await tables.ReadAsync(TableNames.Blocks, business.Value, Prefix(number), position, cancellationToken);
        List<(string, PhoneNumber?)> users = [];
        foreach (TableRow row in page.Rows)
        {
            byte[]? plain = await sealer.OpenAsync(business.Value, Place(business, row.RowKey), row.Get<byte[]>(SealedColumn), cancellationToken);
            users.Add((row.RowKey[Prefix(number).Length..], plain is not null && PhoneNumber.TryParse(Encoding.ASCII.GetString(plain), out PhoneNumber? user) ? user : null));
        }

        return new BlockPage(users, page.HasPrevious, page.HasNext);
    }

    private async Task<Dictionary<string, object>> ColumnsAsync(
        BusinessId business, PhoneNumberId number, byte[] name, PhoneNumber user, CancellationToken cancellationToken) => new()
    {
        [SealedColumn] = await sealer.SealAsync(
            business.Value, UtcDay.Today(time), Place(business, Row(number, name)), Encoding.ASCII.GetBytes(user.Digits), cancellationToken),
    };

    private static TableWrite HeadWrite(PhoneNumberId number, BlockHead? head, int more)
    {
        Dictionary<string, object> columns = new() { [CountColumn] = (head?.Count ?? 0) + more, [VersionColumn] = EnvelopeId.Create().Hex };
        return head is null ? TableWrite.Insert(HeadRow(number), columns) : TableWrite.Replace(HeadRow(number), head.ETag, columns);
    }

    private static string HeadRow(PhoneNumberId number) => "h" + number.Value;

    private static string Prefix(PhoneNumberId number) => number.Value + ":";

    private static string Row(PhoneNumberId number, byte[] name) => Prefix(number) + Convert.ToHexStringLower(name);

    private static SealedPlace Place(BusinessId business, string row) => new(TableNames.Blocks, business.Value, row, SealedColumn);
}

/// <summary>How many users a number blocks, and at which version.</summary>
internal sealed record BlockHead(int Count, string Version, string ETag);

/// <param name="Users">Name and, while it can be read, number of each.</param>
/// <param name="HasPrevious">Whether there is a page before.</param>
/// <param name="HasNext">Whether there is a page after.</param>
internal sealed record BlockPage(IReadOnlyList<(string Name, PhoneNumber? User)> Users, bool HasPrevious, bool HasNext)
{
    public override string ToString() => nameof(BlockPage);
}

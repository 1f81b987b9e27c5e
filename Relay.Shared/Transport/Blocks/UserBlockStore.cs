using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.Registrations;

namespace Relay.Shared.Transport.Blocks;

/// <summary>
/// Table <c>accounts</c>, blocks: beside the row of the device's number, RowKey <c>B:{device}:{keyed hash of both numbers}</c>, column <c>number</c> (sealed, to show it to
/// the device again). The first block and the account's flag, and the last one's end and the flag's, are one transaction, so the flag never misses a block.
/// They end with the device: another one that takes the number neither sees nor has them.
/// </summary>
public sealed class UserBlockStore(TransportStorage storage, TransportKeys keys, NumberHasher hasher)
{
    /// <summary>What one device may block.</summary>
    internal const int MaxBlocks = 1_000;

    private const string RowPrefix = "B:";
    private const string NumberColumn = "number";

    /// <summary>Costs a read only when the user blocks anybody.</summary>
    internal async ValueTask<bool> IsBlockedAsync(Account user, NumberHash business, CancellationToken cancellationToken) =>
        user.HasBlocks
        && await storage.Tables.GetAsync(TableNames.Accounts, user.Number.Hex, await RowAsync(user, business, cancellationToken), cancellationToken) is not null;

    /// <summary>False when the account is not this one any more.</summary>
    internal async Task<bool> TryAddAsync(Account user, PhoneNumber number, NumberHash business, CancellationToken cancellationToken)
    {
        string row = await RowAsync(user, business, cancellationToken);
        byte[] sealedNumber = await keys.Sealer.SealLongLivedAsync(TransportKeys.Tenant, PlaceOf(user, row), Encoding.ASCII.GetBytes(number.E164), cancellationToken);
        TableWrite block = TableWrite.Upsert(row, new Dictionary<string, object> { [NumberColumn] = sealedNumber });
        return await CommitAsync(user, [AccountStore.SetBlocks(user, true), block], cancellationToken);
    }

    /// <summary>False when the account is not this one any more, or somebody else removed the block at the same time.</summary>
    internal async Task<bool> TryRemoveAsync(Account user, NumberHash business, CancellationToken cancellationToken)
    {
        string row = await RowAsync(user, business, cancellationToken);
        List<string> rows = [];
        await foreach (TableRow one in storage.Tables.QueryAsync(TableNames.Accounts, RangeOf(user, 2), cancellationToken))
        {
            rows.Add(one.RowKey);
        }

        return await CommitAsync(user, [AccountStore.SetBlocks(user, rows.Exists(other => other != row)), TableWrite.Delete(row, null)], cancellationToken);
    }

    /// <summary>Whom the device blocks.</summary>
    internal async Task<List<string>> ListAsync(Account user, CancellationToken cancellationToken)
    {
        List<string> numbers = [];
        if (!user.HasBlocks)
        {
            return numbers;
        }

        await foreach (TableRow row in storage.Tables.QueryAsync(TableNames.Accounts, RangeOf(user, MaxBlocks + 1), cancellationToken))
        {
            if (await keys.Sealer.OpenAsync(TransportKeys.Tenant, PlaceOf(user, row.RowKey), row.Get<byte[]>(NumberColumn), cancellationToken) is { } number)
            {
                numbers.Add(Encoding.ASCII.GetString(number));
            }
        }

        return numbers;
    }

    /// <summary>Deletes what a device blocked that holds the number no more.</summary>
    internal Task DeleteAsync(NumberHash number, string device, CancellationToken cancellationToken) =>
        storage.Tables.DeleteAsync(TableNames.Accounts, TableRange.StartingWith(number.Hex, $"{RowPrefix}{device}:", int.MaxValue), cancellationToken);

    private static TableRange RangeOf(Account user, int most) => TableRange.StartingWith(user.Number.Hex, $"{RowPrefix}{user.Device}:", most);

    private static SealedPlace PlaceOf(Account user, string row) => new(TableNames.Accounts, user.Number.Hex, row, NumberColumn);

    private async ValueTask<string> RowAsync(Account user, NumberHash business, CancellationToken cancellationToken) =>
        $"{RowPrefix}{user.Device}:{await hasher.BlockAsync(user.Number, business, cancellationToken)}";

    private async Task<bool> CommitAsync(Account user, List<TableWrite> writes, CancellationToken cancellationToken) =>
        (await storage.Tables.CommitAsync(TableNames.Accounts, user.Number.Hex, writes, cancellationToken)).IsSaved;
}

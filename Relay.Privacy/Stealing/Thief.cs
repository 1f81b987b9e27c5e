using Relay.Privacy.Story;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;

namespace Relay.Privacy.Stealing;

/// <summary>
/// Has copies of tables, some state of <c>dek</c> and the use of the vault, knows Relay's code and keeps none of its rules: the clock says whatever day is
/// to be opened. Really tries.
/// </summary>
internal sealed class Thief
{
    private readonly KeyRing _keys;
    private readonly Sealer _sealer;

    private Thief(MemoryTableStore tables, IKeyWrapper vault, UtcDay day)
    {
        _keys = new KeyRing(tables, vault, new StoppedClock(day));
        _sealer = new Sealer(_keys, Stage.Region);
    }

    /// <param name="dek">The rows of <c>dek</c> that the thief has.</param>
    /// <param name="day">What its clock says.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<Thief> WithAsync(AccountCopy dek, UtcDay day, CancellationToken cancellationToken)
    {
        MemoryTableStore tables = new();
        await tables.EnsureTablesAsync([TableNames.Dek], cancellationToken);
        foreach (TableRow row in dek.Of(TableNames.Dek))
        {
            await tables.CommitAsync(TableNames.Dek, row.PartitionKey, [TableWrite.Upsert(row.RowKey, row.Columns)], cancellationToken);
        }

        return new Thief(tables, dek.Account.Vault, day);
    }

    /// <summary>Those that open.</summary>
    public async Task<IReadOnlyList<SealedThing>> OpenAsync(IEnumerable<SealedThing> things, CancellationToken cancellationToken)
    {
        List<SealedThing> opened = [];
        foreach (SealedThing thing in things)
        {
            if (await TryAsync(async () => await _sealer.OpenAsync(thing.Tenant, thing.Place, thing.Blob, cancellationToken) is not null))
            {
                opened.Add(thing);
            }
        }

        return opened;
    }

    /// <summary>Whether a guessed number is one of copied lookup rows.</summary>
    public Task<bool> ConfirmsAsync(
        IEnumerable<TableRow> lookup, BusinessId business, PhoneNumberId number, PhoneNumber guess, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        foreach (TableRow row in lookup.Where(row => row.PartitionKey.StartsWith(business.Value + "-", StringComparison.Ordinal)))
        {
            if (LookupEpoch.TryParse(row.PartitionKey.Split('-')[1], out LookupEpoch epoch)
                && await new LookupPlaces(_keys).FindPlaceAsync(business, epoch, number, guess, cancellationToken) is { } place
                && place.Hash == row.RowKey)
            {
                return true;
            }
        }

        return false;
    });

    private static async Task<bool> TryAsync(Func<Task<bool>> attempt)
    {
        try
        {
            return await attempt();
        }
        catch (Exception e) when (e is SealBrokenException or StorageFaultException)
        {
            return false;
        }
    }

    private sealed class StoppedClock(UtcDay day) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(day.Date, new TimeOnly(12, 0), TimeSpan.Zero);
    }
}

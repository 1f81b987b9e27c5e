using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Xunit;

namespace Relay.Tests.KeyVault;

/// <summary>Somebody who can write table <c>dek</c>: what he puts there opens nothing, holds up no rotation and keeps no key-encryption key alive.</summary>
public sealed class PlantedKeyTests
{
    private const string Tenant = RotatingWorld.Tenant;
    private const string Store = "store";

    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<string> Plants =>
        ["another business", "another name", "a day for a name", "another key-encryption key", "another version", "another key", "no signature", "another signer", "nothing", "other types", "text"];

    [Theory]
    [MemberData(nameof(Plants))]
    public async Task A_planted_row_is_refused_and_holds_nothing_up(string plant)
    {
        RotatingWorld world = await RotatingWorld.CreateAsync(2026, 11, 30);
        SealedDay written = await world.WriteAsync(world.Process());
        SealedDay theirs = await world.WriteAsync(world.Process(), RotatingWorld.Other);
        foreach (string name in (string[])["a-first", "zz-last"])
        {
            await world.PutAsync(name, await PlantAsync(world, plant));
        }

        await RefusedAsync(world.Process(), "a-first");
        world.GoTo(2026, 12, 29);
        RotatingProcess process = world.Process();
        await process.NightAsync(world.FirstLive);
        await process.NightAsync(world.FirstLive, RotatingWorld.Other);

        Assert.Equal(["202612", "202701"], world.Keks());
        await world.Process().AssertLastingOpensAsync(written);
        await world.Process().AssertLastingOpensAsync(theirs, RotatingWorld.Other);
        await RefusedAsync(world.Process(), "zz-last");
    }

    [Theory]
    [MemberData(nameof(Plants))]
    public async Task A_row_put_in_a_keys_place_is_refused(string plant)
    {
        RotatingWorld world = await RotatingWorld.CreateAsync(2026, 11, 30);
        await world.WriteAsync(world.Process());
        await world.WriteAsync(world.Process(), RotatingWorld.Other);
        IReadOnlyDictionary<string, object> columns = await PlantAsync(world, plant);
        await world.PutAsync("ids", columns);
        await RefusedAsync(world.Process(), "ids");
        if (plant == "a day for a name")
        {
            columns = await ColumnsAsync(world, Store);
        }

        await world.PutAsync(world.Today.Key, columns);
        await Assert.ThrowsAsync<SealBrokenException>(() => world.Process().Ring.FindDayKeyAsync(Tenant, world.Today, None).AsTask());
        await Assert.ThrowsAsync<SealBrokenException>(() => world.Process().Ring.DayKeyAsync(Tenant, world.Today, None).AsTask());
    }

    [Fact]
    public async Task Another_businesss_row_of_the_same_name_is_refused()
    {
        RotatingWorld world = await RotatingWorld.CreateAsync(2026, 11, 26);
        await world.WriteAsync(world.Process());
        await world.WriteAsync(world.Process(), RotatingWorld.Other);
        await world.PutAsync("ids", await ColumnsAsync(world, "ids", RotatingWorld.Other));
        await world.PutAsync(world.Today.Key, await ColumnsAsync(world, world.Today.Key, RotatingWorld.Other));

        await RefusedAsync(world.Process(), "ids");
        await Assert.ThrowsAsync<SealBrokenException>(() => world.Process().Ring.DayKeyAsync(Tenant, world.Today, None).AsTask());
    }

    [Fact]
    public async Task Another_days_row_is_refused()
    {
        RotatingWorld world = await RotatingWorld.CreateAsync(2026, 11, 26);
        await world.WriteAsync(world.Process());
        UtcDay first = world.Today;
        world.GoTo(2026, 11, 27);
        await world.WriteAsync(world.Process());
        IReadOnlyDictionary<string, object> old = await ColumnsAsync(world, first.Key);
        await world.PutAsync(world.Today.Key, old);

        await Assert.ThrowsAsync<SealBrokenException>(() => world.Process().Ring.DayKeyAsync(Tenant, world.Today, None).AsTask());
        world.GoTo(2026, 12, 29);
        await world.PutAsync(world.Today.Key, old);
        await Assert.ThrowsAsync<SealBrokenException>(() => world.Process().Ring.DayKeyAsync(Tenant, world.Today, None).AsTask());
    }

    /// <summary>Its signature is ours, so it is believed as long as its key-encryption key is there, and leads to the same key.</summary>
    [Fact]
    public async Task An_old_copy_of_a_row_that_was_wrapped_anew_is_the_same_key_and_later_none()
    {
        RotatingWorld world = await RotatingWorld.CreateAsync(2026, 11, 30);
        SealedDay written = await world.WriteAsync(world.Process());
        IReadOnlyDictionary<string, object> old = await ColumnsAsync(world, Store);
        world.GoTo(2026, 12, 1);
        await world.Process().NightAsync(world.FirstLive);

        await world.PutAsync(Store, old);
        await world.Process().NightAsync(world.FirstLive);
        Assert.Equal(["202612"], await world.MonthsOfNamesAsync());
        await world.Process().AssertLastingOpensAsync(written);

        world.GoTo(2026, 12, 29);
        await world.Process().NightAsync(world.FirstLive);
        IReadOnlyDictionary<string, object> good = await ColumnsAsync(world, Store);
        await world.PutAsync(Store, old);
        StorageFaultException fault = await Assert.ThrowsAsync<StorageFaultException>(() => world.Process().AssertLastingOpensAsync(written));
        Assert.Equal(404, fault.Status);

        // It holds up neither this month's rotation nor the destruction of the next.
        world.GoTo(2027, 1, 29);
        await world.Process().NightAsync(world.FirstLive);
        Assert.Equal(["202701", "202702"], world.Keks());
        Assert.Equal("202701", RotatingWorld.MonthOf((await world.RowsAsync()).Single(row => row.RowKey == "ids")));
        Assert.Equal("202611", RotatingWorld.MonthOf((await world.RowsAsync()).Single(row => row.RowKey == Store)));
        Assert.Equal("202612", RotatingWorld.MonthOf(new TableRow(Tenant, Store, "", good)));
    }

    [Fact]
    public async Task Any_number_of_planted_rows_leaves_no_key_behind()
    {
        RotatingWorld world = await RotatingWorld.CreateAsync(2026, 11, 30);
        SealedDay written = await world.WriteAsync(world.Process());
        Dictionary<string, object> planted = new(await ColumnsAsync(world, Store));
        for (int i = 0; i < 1_500; i++)
        {
            await world.PutAsync($"a{i}", planted);
        }

        world.GoTo(2026, 12, 29);
        await world.Process().NightAsync(world.FirstLive);
        Assert.Equal(["202612", "202701"], world.Keks());
        await world.Process().AssertLastingOpensAsync(written);
    }

    private static async Task<IReadOnlyDictionary<string, object>> PlantAsync(RotatingWorld world, string plant)
    {
        Dictionary<string, object> columns = new(await ColumnsAsync(world, Store));
        string kek = (string)columns["kek"];
        switch (plant)
        {
            case "another business":
                return await ColumnsAsync(world, Store, RotatingWorld.Other);
            case "another name":
                return columns;
            case "a day for a name":
                return await ColumnsAsync(world, world.Today.Key);
            case "another key-encryption key":
                columns["kek"] = kek.Replace("202611", "202612", StringComparison.Ordinal);
                break;
            case "another version":
                columns["kek"] = kek[..^1] + (kek[^1] == '0' ? '1' : '0');
                break;
            case "another key":
                // Anybody can wrap.
                WrappedKey mine = await world.Vault.Client(world.Time).WrapAsync(Tenant, world.Today, new byte[32], None);
                (columns["key"], columns["kek"]) = (mine.Bytes, mine.KekId);
                break;
            case "no signature":
                columns["sig"] = new byte[64];
                break;
            case "another signer":
                columns["sigkey"] = new string('0', 32);
                break;
            case "nothing":
                return new Dictionary<string, object>();
            case "other types":
                return columns.ToDictionary(column => column.Key, _ => (object)7L);
            default:
                return columns.ToDictionary(column => column.Key, _ => (object)"../../secrets/x?y#z");
        }

        return columns;
    }

    private static async Task RefusedAsync(RotatingProcess process, string name)
    {
        await Assert.ThrowsAsync<SealBrokenException>(() => process.Ring.FindNamedKeyAsync(Tenant, name, None).AsTask());
        await Assert.ThrowsAsync<SealBrokenException>(() => process.Ring.NamedKeyAsync(Tenant, name, None).AsTask());
    }

    private static async Task<IReadOnlyDictionary<string, object>> ColumnsAsync(RotatingWorld world, string row, string tenant = Tenant) =>
        (await world.RowsAsync(tenant)).Single(one => one.RowKey == row).Columns;
}

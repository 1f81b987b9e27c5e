using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Sealing;

public sealed class KeyRingTests
{
    private const string Tenant = TestVault.Tenant;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task All_callers_of_a_new_day_get_one_key()
    {
        TestVault vault = await TestVault.CreateAsync();
        KeyRing[] processes = [vault.Ring, .. Enumerable.Range(0, 7).Select(_ => vault.Restarted().Ring)];
        KeyLease[] keys = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => processes[i % 8].DayKeyAsync(Tenant, vault.Today, None).AsTask()));

        string first = Convert.ToHexString(keys[0].Reveal());
        Assert.All(keys, key => Assert.Equal(first, Convert.ToHexString(key.Reveal())));
        Assert.Single(await RowsAsync(vault));
    }

    [Fact]
    public async Task A_key_in_use_outlives_its_place_in_the_cache()
    {
        TestVault vault = await TestVault.CreateAsync();
        using KeyLease mine = await vault.Ring.DayKeyAsync(Tenant, vault.Today, None);
        byte[] bytes = mine.Reveal().ToArray();
        await vault.Ring.DestroyDaysBeforeAsync(Tenant, vault.Today.AddDays(1), None);

        Assert.Equal(bytes, mine.Reveal().ToArray());
        Assert.Contains(bytes, b => b != 0);
        Assert.Null(await vault.Ring.FindDayKeyAsync(Tenant, vault.Today, None));
    }

    [Fact]
    public async Task Days_tenants_and_names_have_keys_of_their_own()
    {
        TestVault vault = await TestVault.CreateAsync();
        List<string> keys = [];
        keys.Add(Hex(await vault.Ring.DayKeyAsync("1", vault.Today, None)));
        keys.Add(Hex(await vault.Ring.DayKeyAsync("2", vault.Today, None)));
        keys.Add(Hex(await vault.Ring.NamedKeyAsync("1", "ids", None)));
        keys.Add(Hex(await vault.Ring.NamedKeyAsync("1", "store", None)));
        vault.Time.Advance(TimeSpan.FromDays(1));
        keys.Add(Hex(await vault.Ring.DayKeyAsync("1", vault.Today, None)));

        Assert.Equal(keys.Count, keys.Distinct().Count());
    }

    [Fact]
    public async Task Derived_keys_are_as_lasting_as_their_source_and_differ_by_purpose()
    {
        TestVault vault = await TestVault.CreateAsync();
        string first = Hex(await vault.Ring.DerivedKeysAsync("1", "ids", "a", 64, None));

        Assert.Equal(128, first.Length);
        Assert.Equal(first, Hex(await vault.Ring.DerivedKeysAsync("1", "ids", "a", 64, None)));
        Assert.Equal(first, Hex(await vault.Restarted().Ring.DerivedKeysAsync("1", "ids", "a", 64, None)));
        Assert.NotEqual(first, Hex(await vault.Ring.DerivedKeysAsync("1", "ids", "b", 64, None)));
        Assert.NotEqual(first, Hex(await vault.Ring.DerivedKeysAsync("2", "ids", "a", 64, None)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-40)]
    [InlineData(1)]
    public async Task A_key_is_never_made_for_another_day_than_today(int days)
    {
        TestVault vault = await TestVault.CreateAsync();
        await Assert.ThrowsAsync<SealBrokenException>(() => vault.Ring.DayKeyAsync(Tenant, vault.Today.AddDays(days), None).AsTask());
        Assert.Null(await vault.Ring.FindDayKeyAsync(Tenant, vault.Today.AddDays(days), None));
        Assert.Null(await vault.Ring.FindDayKeyAsync(Tenant, vault.Today, None));
        Assert.Empty(await RowsAsync(vault));
    }

    [Fact]
    public async Task A_day_may_be_read_for_29_days_even_if_its_key_is_still_there()
    {
        TestVault vault = await TestVault.CreateAsync();
        UtcDay day = vault.Today;
        await vault.Ring.DayKeyAsync(Tenant, day, None);

        vault.Time.Advance(TimeSpan.FromDays(28));
        Assert.NotNull(await vault.Ring.FindDayKeyAsync(Tenant, day, None));
        vault.Time.SetUtcNow(new DateTimeOffset(2026, 12, 20, 23, 59, 59, TimeSpan.Zero));
        Assert.NotNull(await vault.Ring.FindDayKeyAsync(Tenant, day, None));
        vault.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await vault.Ring.FindDayKeyAsync(Tenant, day, None));
        Assert.Single(await RowsAsync(vault));
    }

    [Fact]
    public async Task Destroying_a_day_takes_its_row_and_its_cached_key()
    {
        TestVault vault = await TestVault.CreateAsync();
        UtcDay day = vault.Today;
        await vault.Ring.DayKeyAsync(Tenant, day, None);
        await vault.Ring.NamedKeyAsync(Tenant, "ids", None);
        vault.Time.Advance(TimeSpan.FromDays(1));
        string kept = Hex(await vault.Ring.DayKeyAsync(Tenant, vault.Today, None));

        Assert.Equal(1, await vault.Ring.DestroyDaysBeforeAsync(Tenant, vault.Today, None));
        Assert.Equal(0, await vault.Ring.DestroyDaysBeforeAsync(Tenant, vault.Today, None));

        Assert.Null(await vault.Ring.FindDayKeyAsync(Tenant, day, None));
        Assert.Equal(kept, Hex(await vault.Ring.DayKeyAsync(Tenant, vault.Today, None)));
        Assert.Equal([vault.Today.Key, "ids"], (await RowsAsync(vault)).Select(row => row.RowKey));
    }

    [Fact]
    public async Task Only_the_days_of_that_tenant_are_destroyed()
    {
        TestVault vault = await TestVault.CreateAsync();
        UtcDay day = vault.Today;
        await vault.Ring.DayKeyAsync("1", day, None);
        string other = Hex(await vault.Ring.DayKeyAsync("2", day, None));
        vault.Time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(1, await vault.Ring.DestroyDaysBeforeAsync("1", vault.Today, None));
        Assert.Equal(other, Hex(await vault.Ring.FindDayKeyAsync("2", day, None)));
    }

    [Fact]
    public async Task A_row_of_a_dead_day_that_is_put_back_is_used_for_nothing()
    {
        TestVault vault = await TestVault.CreateAsync();
        UtcDay day = vault.Today;
        await vault.Ring.DayKeyAsync(Tenant, day, None);
        TableRow copied = Assert.Single(await RowsAsync(vault));
        vault.Time.Advance(TimeSpan.FromDays(29));
        Assert.Equal(1, await vault.Ring.DestroyDaysBeforeAsync(Tenant, Retention.FirstLiveDay(vault.Today), None));
        await vault.Tables.CommitAsync(TableNames.Dek, Tenant, [TableWrite.Upsert(day.Key, copied.Columns)], None);

        KeyRing fresh = vault.Restarted().Ring;
        Assert.Null(await fresh.FindDayKeyAsync(Tenant, day, None));
        await Assert.ThrowsAsync<SealBrokenException>(() => fresh.DayKeyAsync(Tenant, day, None).AsTask());
        Assert.Equal(1, await fresh.DestroyDaysBeforeAsync(Tenant, Retention.FirstLiveDay(vault.Today), None));
    }

    public static TheoryData<string> Forgeries => ["key", "kek", "sig", "unsigned", "no signature", "no key", "no kek", "another tenant", "another day", "freshly wrapped"];

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_row_that_this_deployment_did_not_sign_is_refused(string forgery)
    {
        TestVault vault = await TestVault.CreateAsync();
        await vault.Ring.DayKeyAsync(Tenant, vault.Today, None);
        await vault.Ring.DayKeyAsync("2", vault.Today, None);
        await vault.Ring.NamedKeyAsync(Tenant, "ids", None);
        Dictionary<string, object> columns = new((await RowsAsync(vault)).Single(row => row.RowKey == vault.Today.Key).Columns);
        TableRow foreign = (await RowsAsync(vault, "2"))[0];
        switch (forgery)
        {
            case "key":
                ((byte[])(columns["key"] = ((byte[])columns["key"]).Clone()))[5] ^= 1;
                break;
            case "kek":
                columns["kek"] = (string)columns["kek"] + "x";
                break;
            case "sig":
                ((byte[])(columns["sig"] = ((byte[])columns["sig"]).Clone()))[5] ^= 1;
                break;
            case "unsigned":
                columns["sig"] = new byte[64];
                break;
            case "no signature":
                columns.Remove("sig");
                break;
            case "no key":
                columns.Remove("key");
                break;
            case "no kek":
                columns.Remove("kek");
                break;
            case "another tenant":
                columns = new Dictionary<string, object>(foreign.Columns);
                break;
            case "another day":
                columns = new Dictionary<string, object>((await RowsAsync(vault)).Single(row => row.RowKey == "ids").Columns);
                break;
            default:
                // Anybody can wrap with a public key; that's what the signature is for.
                WrappedKey mine = await TestVault.Wrapper.WrapAsync(Tenant, vault.Today, new byte[32], None);
                (columns["key"], columns["kek"]) = (mine.Bytes, mine.KekId);
                break;
        }

        await vault.Tables.CommitAsync(TableNames.Dek, Tenant, [TableWrite.Upsert(vault.Today.Key, columns)], None);
        KeyRing fresh = vault.Restarted().Ring;
        await Assert.ThrowsAsync<SealBrokenException>(() => fresh.DayKeyAsync(Tenant, vault.Today, None).AsTask());
        await Assert.ThrowsAsync<SealBrokenException>(() => fresh.FindDayKeyAsync(Tenant, vault.Today, None).AsTask());
    }

    [Fact]
    public async Task Sealing_and_opening_go_through_the_key_of_the_blobs_day()
    {
        TestVault vault = await TestVault.CreateAsync();
        SealedPlace place = new("t", "p", "r", "c");
        byte[] blob = await vault.Sealer.SealAsync(Tenant, vault.Today, place, "hi"u8.ToArray(), None);
        byte[] lasting = await vault.Sealer.SealLongLivedAsync(Tenant, place, "ho"u8.ToArray(), None);
        UtcDay day = vault.Today;

        Assert.Equal("hi"u8.ToArray(), await vault.Restarted().Sealer.OpenAsync(Tenant, place, blob, None));
        await Assert.ThrowsAsync<SealBrokenException>(() => vault.Sealer.OpenAsync("2", place, lasting, None).AsTask());
        await Assert.ThrowsAsync<SealBrokenException>(() => vault.Sealer.OpenAsync(Tenant, place with { Column = "d" }, blob, None).AsTask());
        await Assert.ThrowsAsync<SealBrokenException>(() => new Sealer(vault.Ring, "elsewhere").OpenAsync(Tenant, place, blob, None).AsTask());
        await Assert.ThrowsAsync<SealBrokenException>(() => vault.Sealer.OpenAsync(Tenant, place, ReadOnlyMemory<byte>.Empty, None).AsTask());

        vault.Time.Advance(TimeSpan.FromDays(1));
        await vault.Ring.DestroyDaysBeforeAsync(Tenant, vault.Today, None);
        Assert.Null(await vault.Sealer.OpenAsync(Tenant, place, blob, None));
        Assert.Equal("ho"u8.ToArray(), await vault.Sealer.OpenAsync(Tenant, place, lasting, None));
        await Assert.ThrowsAsync<SealBrokenException>(() => vault.Sealer.SealAsync(Tenant, day, place, "hi"u8.ToArray(), None).AsTask());
    }

    private static string Hex(KeyLease? key) => Convert.ToHexString(key is { } lease ? lease.Reveal() : []);

    private static async Task<List<TableRow>> RowsAsync(TestVault vault, string tenant = Tenant) =>
        await vault.Tables.QueryAsync(TableNames.Dek, TableRange.Partition(tenant, 100), None).ToListAsync();
}

using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Xunit;

namespace Relay.Tests.KeyVault;

/// <summary>Month by month: what is wrapped under what, and when which key-encryption key goes.</summary>
public sealed class KeyRotationTests
{
    private const string Tenant = RotatingWorld.Tenant;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Long_lived_keys_move_with_the_months_and_day_keys_go_with_theirs()
    {
        RotatingWorld world = await RotatingWorld.CreateAsync(2026, 11, 5);
        RotatingProcess process = world.Process();
        List<SealedDay> written = [];
        for (int i = 0; i < 100; i++)
        {
            await process.NightAsync(world.FirstLive);
            written.Add(await world.WriteAsync(process));

            foreach (TableRow row in await world.RowsAsync())
            {
                Assert.Equal(UtcDay.TryParse(row.RowKey, out UtcDay day) ? day.MonthKey : world.Today.MonthKey, RotatingWorld.MonthOf(row));
            }

            // The oldest month with a day that lives, to this one, and from the 22nd on to the next.
            UtcDay last = world.Today.Date.Day >= 22 ? new UtcDay(world.Today.Date.AddMonths(1)) : world.Today;
            Assert.Equal([.. Months(Later(written[0].Day, world.FirstLive), last)], world.Keks());
            RotatingProcess other = world.Process();
            SealedDay[] live = [.. written.Where(one => one.Day >= world.FirstLive)];
            await other.AssertOpensAsync(live[0]);
            await other.AssertOpensAsync(live[^1]);
            await other.AssertLastingOpensAsync(written[0]);
            if (live.Length < written.Count)
            {
                await other.AssertGoneAsync(written[^(live.Length + 1)]);
            }

            world.Time.Advance(TimeSpan.FromDays(1));
        }
    }

    [Fact]
    public async Task A_months_key_goes_when_its_last_day_is_dead_and_not_a_day_before()
    {
        RotatingWorld world = await RotatingWorld.CreateAsync(2026, 11, 30);
        RotatingProcess process = world.Process();
        SealedDay written = await world.WriteAsync(process);

        world.GoTo(2026, 12, 28);
        await process.NightAsync(world.FirstLive);
        Assert.Contains("202611", world.Keks());
        await world.Process().AssertOpensAsync(written);

        world.GoTo(2026, 12, 29);
        await process.NightAsync(world.FirstLive);
        Assert.Equal(["202612", "202701"], world.Keks());
        await world.Process().AssertGoneAsync(written);
        await world.Process().AssertLastingOpensAsync(written);
    }

    /// <summary>The thief has the vault's help and a clock of his own.</summary>
    [Fact]
    public async Task A_copy_of_all_keys_opens_nothing_once_their_months_key_is_gone()
    {
        RotatingWorld world = await RotatingWorld.CreateAsync(2026, 11, 5);
        RotatingProcess process = world.Process();
        List<SealedDay> written = [await world.WriteAsync(process)];
        world.Time.Advance(TimeSpan.FromDays(20));
        written.Add(await world.WriteAsync(process));
        ITableStore copy = await world.StealAsync();
        FakeTimeProvider then = new(world.Time.GetUtcNow());

        world.GoTo(2026, 12, 28);
        await process.NightAsync(world.FirstLive);
        Assert.DoesNotContain(await world.RowsAsync(), row => row.RowKey == written[0].Day.Key);
        foreach (SealedDay day in written)
        {
            await world.Process(tables: copy, time: then).AssertOpensAsync(day);
        }

        world.GoTo(2026, 12, 29);
        await process.NightAsync(world.FirstLive);
        foreach (SealedDay day in written)
        {
            RotatingProcess thief = world.Process(tables: copy, time: then);
            await AssertNoKeyAsync(() => thief.AssertOpensAsync(day));
            await AssertNoKeyAsync(() => thief.Sealer.OpenAsync(Tenant, RotatingWorld.Place(day.Day), day.Content, None).AsTask());
        }
    }

    [Fact]
    public async Task Timers_that_were_silent_for_months_catch_up()
    {
        RotatingWorld world = await RotatingWorld.CreateAsync(2026, 9, 10);
        SealedDay written = await world.WriteAsync(world.Process());
        world.GoTo(2026, 10, 10);
        await world.WriteAsync(world.Process());
        world.GoTo(2027, 2, 20);

        await world.Process().NightAsync(world.FirstLive);
        Assert.Equal(["202702"], world.Keks());
        Assert.Equal(["202702"], await world.MonthsOfNamesAsync());
        await world.Process().AssertLastingOpensAsync(written);
    }

    /// <summary>A vault makes 20 keys in 10 s: the first of a month comes for all tenants at once.</summary>
    [Fact]
    public async Task The_first_message_of_a_month_finds_its_key_made()
    {
        RotatingWorld world = await RotatingWorld.CreateAsync(2026, 11, 21);
        await world.WriteAsync(world.Process());
        await world.Process().NightAsync(world.FirstLive);
        Assert.Equal(["202611"], world.Keks());
        world.GoTo(2026, 11, 22);
        await world.Process().NightAsync(world.FirstLive);
        Assert.Equal(["202611", "202612"], world.Keks());

        world.GoTo(2026, 12, 1);
        world.Vault.Meets = call => call.Operation == "create" ? VaultFault.Throttled : null;
        RotatingProcess process = world.Process();
        await process.AssertOpensAsync(await world.WriteAsync(process));
    }

    [Fact]
    public async Task A_rotation_asks_the_vault_no_more_than_once_a_day_for_what_is_done()
    {
        RotatingWorld world = await RotatingWorld.CreateAsync(2026, 11, 5);
        RotatingProcess process = world.Process();
        await world.WriteAsync(process);
        await process.NightAsync(world.FirstLive);
        int before = world.Vault.Calls;

        for (int i = 0; i < 24; i++)
        {
            Assert.Equal(0, await process.Ring.RotateAsync(Tenant, None));
        }

        Assert.Equal(before, world.Vault.Calls);
    }

    [Fact]
    public async Task A_day_key_made_as_the_month_ends_goes_with_the_month_of_its_day()
    {
        RotatingWorld world = await RotatingWorld.CreateAsync(2026, 11, 30);
        world.Time.SetUtcNow(new DateTimeOffset(2026, 11, 30, 23, 59, 59, TimeSpan.Zero));
        HookedTables tables = new(world.Tables, call => world.Time.Advance(TimeSpan.FromSeconds(call == 1 ? 1 : 0)));
        RotatingProcess process = world.Process(tables: tables);
        UtcDay day = world.Today;
        await process.Sealer.SealAsync(Tenant, day, RotatingWorld.Place(day), new byte[1], None);

        Assert.Equal("202612", world.Today.MonthKey);
        Assert.Equal("202611", RotatingWorld.MonthOf(Assert.Single(await world.RowsAsync())));
    }

    /// <summary>A vault that is away, or a key that an operator deleted, must not look like rows that nobody can use.</summary>
    [Fact]
    public async Task Nothing_is_destroyed_before_every_long_lived_key_has_moved()
    {
        RotatingWorld world = await RotatingWorld.CreateAsync(2026, 11, 30);
        SealedDay written = await world.WriteAsync(world.Process());
        world.GoTo(2026, 12, 29);

        world.Vault.Meets = call => call.Operation == "unwrapKey" ? VaultFault.Unavailable : null;
        await Assert.ThrowsAsync<StorageFaultException>(() => world.Process().NightAsync(world.FirstLive));
        Assert.Equal(["202611"], world.Keks());

        world.Vault.Meets = _ => null;
        world.Vault.Delete("signing");
        await Assert.ThrowsAsync<StorageFaultException>(() => world.Process().NightAsync(world.FirstLive));
        Assert.Equal(["202611"], world.Keks());

        world.Vault.Recover("signing");
        await world.Process().NightAsync(world.FirstLive);
        Assert.Equal(["202612", "202701"], world.Keks());
        await world.Process().AssertLastingOpensAsync(written);
    }

    [Fact]
    public async Task A_living_months_key_that_somebody_deleted_stops_the_rotation_until_it_is_recovered()
    {
        RotatingWorld world = await RotatingWorld.CreateAsync(2026, 11, 30);
        SealedDay written = await world.WriteAsync(world.Process());
        world.Vault.Delete($"kek-{Tenant}-202611");
        world.GoTo(2026, 12, 2);

        await Assert.ThrowsAsync<StorageFaultException>(() => world.Process().NightAsync(world.FirstLive));
        world.Vault.Recover($"kek-{Tenant}-202611");
        await world.Process().NightAsync(world.FirstLive);
        Assert.Equal(["202612"], await world.MonthsOfNamesAsync());
        await world.Process().AssertOpensAsync(written);
    }

    private static async Task AssertNoKeyAsync(Func<Task> open) =>
        Assert.Equal((404, "KeyNotFound"), await Assert.ThrowsAsync<StorageFaultException>(open) is { } fault ? (fault.Status, fault.ErrorCode) : default);

    private static UtcDay Later(UtcDay one, UtcDay other) => one > other ? one : other;

    private static IEnumerable<string> Months(UtcDay from, UtcDay to)
    {
        for (DateOnly month = new(from.Date.Year, from.Date.Month, 1); month <= to.Date; month = month.AddMonths(1))
        {
            yield return new UtcDay(month).MonthKey;
        }
    }
}

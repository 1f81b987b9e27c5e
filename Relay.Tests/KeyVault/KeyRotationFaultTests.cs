using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.KeyVault;

/// <summary>Rotation and closing, killed at every call of tables and vault, or run by two at once: the end is the same.</summary>
public sealed class KeyRotationFaultTests
{
    private const string Tenant = RotatingWorld.Tenant;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_rotation_killed_anywhere_and_run_again_ends_in_the_same_state()
    {
        IReadOnlySet<string> covered = await FaultSweep.RunAsync(async plan =>
        {
            (RotatingWorld world, SealedDay old, SealedDay young) = await YearEndAsync();
            await UntilDoneAsync(plan, () => world.Process(plan).NightAsync(world.FirstLive));
            await AssertRotatedAsync(world, old, young);
        });

        Assert.Superset(
            new HashSet<string>
            {
                "relay table:query dek", "relay table:commit dek", "relay vault:get signing", "relay vault:sign signing", $"relay vault:unwrapKey kek-{Tenant}-202611",
                $"relay vault:create kek-{Tenant}-202701", $"relay vault:delete kek-{Tenant}-202611", $"relay vault:delete kek-{Tenant}-202608",
            },
            covered.ToHashSet());
    }

    [Fact]
    public async Task Closing_a_tenant_killed_anywhere_and_run_again_leaves_nothing_that_opens()
    {
        await FaultSweep.RunAsync(async plan =>
        {
            (RotatingWorld world, SealedDay old, SealedDay young) = await YearEndAsync();
            SealedDay other = await world.WriteAsync(world.Process(), RotatingWorld.Other);
            ITableStore copy = await world.StealAsync();
            await UntilDoneAsync(plan, async () =>
            {
                while (!await world.Process(plan).Ring.DestroyTenantAsync(Tenant, None))
                {
                }
            });

            Assert.Empty(await world.RowsAsync());
            Assert.Empty(world.Keks());
            await AssertNothingOpensAsync(world, world.Process(tables: copy), old, young);
            await AssertNothingOpensAsync(world, world.Process(), old, young);
            await world.Process().AssertOpensAsync(other, RotatingWorld.Other);
        });
    }

    [Fact]
    public async Task Closing_a_tenant_empties_the_caches_and_takes_as_many_turns_as_it_needs()
    {
        (RotatingWorld world, SealedDay old, SealedDay young) = await YearEndAsync();
        RotatingProcess process = world.Process();
        await process.AssertOpensAsync(young);
        foreach (int i in Enumerable.Range(0, 900))
        {
            await world.PutAsync($"planted{i}", new Dictionary<string, object> { ["key"] = new byte[1] });
        }

        Assert.False(await process.Ring.DestroyTenantAsync(Tenant, None));
        Assert.False(await process.Ring.DestroyTenantAsync(Tenant, None));
        Assert.NotEmpty(world.Keks());
        Assert.True(await process.Ring.DestroyTenantAsync(Tenant, None));
        Assert.Empty(await world.RowsAsync());
        Assert.Empty(world.Keks());
        await AssertNothingOpensAsync(world, process, old, young);
    }

    /// <summary>The clock of another instance may be in the next month already.</summary>
    [Fact]
    public async Task Closing_a_tenant_takes_the_key_of_the_next_month_too()
    {
        RotatingWorld world = await RotatingWorld.CreateAsync(2026, 11, 30);
        await world.WriteAsync(world.Process());
        RotatingProcess ahead = world.Process(time: new FakeTimeProvider(world.Time.GetUtcNow().AddDays(1)));
        await ahead.Ring.RotateAsync(Tenant, None);
        Assert.Equal(["202611", "202612"], world.Keks());

        Assert.True(await world.Process().Ring.DestroyTenantAsync(Tenant, None));
        Assert.Empty(world.Keks());
    }

    /// <summary>One runs whole before each call of the other.</summary>
    [Fact]
    public Task Two_rotations_at_once_do_no_harm() => BeforeEachCallAsync(
        world => world.Process().NightAsync(world.FirstLive),
        AssertRotatedAsync);

    [Fact]
    public Task A_key_that_is_destroyed_while_it_is_moved_stays_destroyed() => BeforeEachCallAsync(
        world => world.Process().Ring.DestroyNamedAsync(Tenant, "ids", None),
        async (world, old, young) =>
        {
            Assert.Equal([young.Day.Key, "idempotency", "store"], (await world.RowsAsync()).Select(row => row.RowKey));
            Assert.Equal(["202612", "202701"], world.Keks());
            await world.Process().AssertLastingOpensAsync(old);
        });

    [Fact]
    public Task Closing_during_a_rotation_leaves_nothing_that_opens() => BeforeEachCallAsync(
        async world => Assert.True(await world.Process().Ring.DestroyTenantAsync(Tenant, None)),
        async (world, old, young) =>
        {
            Assert.Empty(await world.RowsAsync());
            await AssertNothingOpensAsync(world, world.Process(), old, young);
        });

    [Fact]
    public async Task Eight_rotations_at_once_do_no_harm()
    {
        (RotatingWorld world, SealedDay old, SealedDay young) = await YearEndAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await Task.Yield();
            await world.Process().NightAsync(world.FirstLive);
        }));
        await AssertRotatedAsync(world, old, young);
    }

    /// <summary>A rotation, and before each of its calls in turn something else.</summary>
    private static async Task BeforeEachCallAsync(Func<RotatingWorld, Task> other, Func<RotatingWorld, SealedDay, SealedDay, Task> assert)
    {
        int calls = await CallsAsync();
        Assert.True(calls > 20, $"{calls} calls");
        for (int at = 0; at < calls; at++)
        {
            (RotatingWorld world, SealedDay old, SealedDay young) = await YearEndAsync();
            int call = 0;
            bool ran = false;
            async Task OtherAsync()
            {
                // Its own calls come through here too.
                if (!ran && call++ == at)
                {
                    ran = true;
                    await other(world);
                }
            }

            HookedTables tables = new(world.Tables, _ => OtherAsync());
            world.Vault.Before = _ => OtherAsync();
            try
            {
                await world.Process(tables: tables).NightAsync(world.FirstLive);
            }
            catch (StorageFaultException gone) when (gone.Status is 404 or 409)
            {
                // Of a tenant that was closed meanwhile. The next run finds nothing to do.
                Assert.Empty(await world.RowsAsync());
            }

            Assert.True(ran);
            await assert(world, old, young);
        }
    }

    private static async Task<int> CallsAsync()
    {
        (RotatingWorld world, _, _) = await YearEndAsync();
        FaultPlan plan = FaultPlan.Nothing();
        await world.Process(plan).NightAsync(world.FirstLive);
        return plan.Calls.Count;
    }

    /// <summary>November's key is to go, December's must stay, January's is to be made.</summary>
    private static async Task<(RotatingWorld World, SealedDay Old, SealedDay Young)> YearEndAsync()
    {
        RotatingWorld world = await RotatingWorld.CreateAsync(2026, 11, 30);
        RotatingProcess process = world.Process();
        SealedDay old = await world.WriteAsync(process);
        world.GoTo(2026, 12, 31);
        SealedDay young = await world.WriteAsync(process);
        world.GoTo(2027, 1, 1);
        return (world, old, young);
    }

    private static async Task AssertRotatedAsync(RotatingWorld world, SealedDay old, SealedDay young)
    {
        Assert.Equal(["202612", "202701"], world.Keks());
        Assert.Equal(["202701"], await world.MonthsOfNamesAsync());
        Assert.Equal([young.Day.Key, "idempotency", "ids", "store"], (await world.RowsAsync()).Select(row => row.RowKey));
        RotatingProcess fresh = world.Process();
        await fresh.AssertOpensAsync(young);
        await fresh.AssertLastingOpensAsync(old);
        await fresh.AssertGoneAsync(old);
    }

    private static async Task AssertNothingOpensAsync(RotatingWorld world, RotatingProcess process, params SealedDay[] all)
    {
        foreach (SealedDay written in all.Where(one => one.Day >= world.FirstLive))
        {
            try
            {
                await process.AssertGoneAsync(written);
            }
            catch (StorageFaultException gone)
            {
                Assert.Equal(404, gone.Status);
            }
        }

        // With the rows: the vault has no key. Without: a closed tenant gets none.
        foreach (SealedDay written in all)
        {
            Exception refusal = await Assert.ThrowsAnyAsync<Exception>(() => process.AssertLastingOpensAsync(written));
            Assert.True(refusal is SealBrokenException or StorageFaultException { Status: 404, ErrorCode: "KeyNotFound" }, $"{refusal}");
        }
    }

    /// <summary>Each failure is followed by another process that tries again, as timers do.</summary>
    private static async Task UntilDoneAsync(FaultPlan plan, Func<Task> run)
    {
        while (true)
        {
            try
            {
                await run();
                break;
            }
            catch (Exception e) when (e is StorageFaultException or SimulatedCrashException)
            {
                plan.Restart();
            }
        }

        plan.IsOver = true;
        await plan.LandLateAsync();
        await run();
    }
}

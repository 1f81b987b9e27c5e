using Relay.Shared.Storage;
using Xunit;

namespace Relay.Tests.KeyVault;

/// <summary>
/// A vault that is down for an hour: who has keys goes on, who has none gets a fault, and nothing is written that isn't sealed, signed and
/// whole. (<c>Simulation/OutageTests</c> shows the same with all of Relay.)
/// </summary>
public sealed class VaultOutageTests
{
    private const string Tenant = RotatingWorld.Tenant;

    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(nameof(VaultFault.Unavailable))]
    [InlineData(nameof(VaultFault.Unreachable))]
    [InlineData(nameof(VaultFault.Throttled))]
    [InlineData(nameof(VaultFault.Denied))]
    [InlineData(nameof(VaultFault.AnswerLost))]
    public async Task Cached_keys_serve_and_nothing_is_written_unsealed(string fault)
    {
        RotatingWorld world = await RotatingWorld.CreateAsync(2026, 11, 26);
        RotatingProcess warm = world.Process();
        SealedDay before = await world.WriteAsync(warm);
        IReadOnlyList<TableRow> rows = await world.RowsAsync();
        world.Vault.Meets = _ => Enum.Parse<VaultFault>(fault);

        // A key is kept for an hour after its last unwrap, so the outage begins with it.
        for (int minute = 0; minute < 60; minute++)
        {
            await warm.AssertOpensAsync(before);
            SealedDay during = await world.WriteAsync(warm);
            await warm.AssertOpensAsync(during);

            RotatingProcess cold = world.Process();
            await FaultAsync(() => world.WriteAsync(cold));
            await FaultAsync(() => cold.AssertOpensAsync(before));
            await FaultAsync(() => cold.AssertLastingOpensAsync(before));
            await FaultAsync(() => warm.Sealer.SealAsync(RotatingWorld.Other, world.Today, RotatingWorld.Place(null), new byte[1], None).AsTask());
            world.Time.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1));
        }

        Assert.Equal(rows.Select(Text), (await world.RowsAsync()).Select(Text));
        Assert.Empty(await world.RowsAsync(RotatingWorld.Other));

        // Then the hour is over, and they need the vault too.
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await FaultAsync(() => world.WriteAsync(warm));

        world.Vault.Meets = _ => null;
        await warm.AssertOpensAsync(before);
        await world.Process().AssertOpensAsync(await world.WriteAsync(warm));
    }

    /// <summary>The key was wrapped, and the vault went away before the row could be signed.</summary>
    [Theory]
    [InlineData("get")]
    [InlineData("create")]
    [InlineData("sign")]
    [InlineData("unwrapKey")]
    public async Task A_day_that_begins_without_the_vault_begins_with_it(string operation)
    {
        RotatingWorld world = await RotatingWorld.CreateAsync(2026, 11, 30);
        SealedDay before = await world.WriteAsync(world.Process());
        world.GoTo(2026, 12, 1);
        RotatingProcess process = world.Process();
        world.Vault.Meets = call => call.Operation == operation ? VaultFault.Unavailable : null;
        byte[] content = new byte[1];
        await FaultAsync(() => process.Sealer.SealAsync(Tenant, world.Today, RotatingWorld.Place(world.Today), content, None).AsTask());

        // A row is there only if all of it could be made.
        Assert.Equal(operation == "unwrapKey", (await world.RowsAsync()).Any(row => row.RowKey == world.Today.Key));
        world.Vault.Meets = _ => null;
        await world.Process().AssertOpensAsync(await world.WriteAsync(process));
        await process.AssertOpensAsync(before);
    }

    private static async Task FaultAsync(Func<Task> call) =>
        Assert.Equal("key vault", (await Assert.ThrowsAsync<StorageFaultException>(call)).Target);

    private static string Text(TableRow row) => $"{row.RowKey} {row.ETag}";
}

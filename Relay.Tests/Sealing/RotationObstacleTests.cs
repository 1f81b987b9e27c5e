using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Sealing;

/// <summary>Whoever can write <c>dek</c> can't keep the key-encryption keys of dead months alive by what they put there.</summary>
public sealed class RotationObstacleTests
{
    private const string Tenant = TestVault.Tenant;

    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<string> Obstacles => ["nothing", "a key of old", "no columns", "no signature"];

    [Theory]
    [MemberData(nameof(Obstacles))]
    public async Task The_key_of_a_dead_month_is_destroyed_whatever_lies_in_the_way(string obstacle)
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero));
        MemoryTableStore tables = new();
        await tables.EnsureTablesAsync([TableNames.Dek], None);
        QuickKeys vault = new();
        await new KeyRing(tables, vault, time).NamedKeyAsync(Tenant, "store", None);
        await new KeyRing(tables, vault, time).NamedKeyAsync(Tenant, "lookup-00001", None);
        TableRow old = await RowAsync(tables, "lookup-00001");
        for (int month = 0; month < 3; month++)
        {
            time.Advance(TimeSpan.FromDays(31));
            await new KeyRing(tables, vault, time).RotateAsync(Tenant, None);
        }

        // Wrapped under July's key, which is gone by now: a genuine row, put back.
        await new KeyRing(tables, vault, time).DestroyNamedAsync(Tenant, "lookup-00001", None);
        Dictionary<string, object>? columns = obstacle switch
        {
            "a key of old" => new(old.Columns),
            "no columns" => [],
            "no signature" => new((await RowAsync(tables, "store")).Columns.Where(column => column.Key != "sig")),
            _ => null,
        };
        if (columns is not null)
        {
            await tables.CommitAsync(TableNames.Dek, Tenant, [TableWrite.Upsert("lookup-00001", columns)], None);
        }

        WrappedKey october = await vault.WrapAsync(Tenant, new(new DateOnly(2026, 10, 2)), new byte[32], None);
        time.SetUtcNow(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));
        await new KeyRing(tables, vault, time).RotateAsync(Tenant, None);
        await Assert.ThrowsAsync<StorageFaultException>(() => vault.UnwrapAsync(october, None));
        Assert.NotNull(await new KeyRing(tables, vault, time).FindNamedKeyAsync(Tenant, "store", None));
        Assert.Equal("1001-202611", (await RowAsync(tables, "store")).Get<string>("kek"));
    }

    /// <summary>A key that can't be moved because the vault is away keeps what it is wrapped under.</summary>
    [Fact]
    public async Task A_vault_that_is_away_destroys_nothing_that_is_needed()
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero));
        MemoryTableStore tables = new();
        await tables.EnsureTablesAsync([TableNames.Dek], None);
        QuickKeys vault = new();
        await new KeyRing(tables, vault, time).NamedKeyAsync(Tenant, "store", None);
        time.Advance(TimeSpan.FromDays(100));
        await Assert.ThrowsAsync<StorageFaultException>(() => new KeyRing(tables, new AwayVault(vault), time).RotateAsync(Tenant, None));
        Assert.NotNull(await new KeyRing(tables, vault, time).FindNamedKeyAsync(Tenant, "store", None));
    }

    private static async Task<TableRow> RowAsync(MemoryTableStore tables, string row) =>
        await tables.GetAsync(TableNames.Dek, Tenant, row, None) ?? throw new InvalidDataException(row);

    private sealed class AwayVault(IKeyWrapper inner) : IKeyWrapper
    {
        public Task<WrappedKey> WrapAsync(string tenant, UtcDay day, ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
            inner.WrapAsync(tenant, day, key, cancellationToken);

        public Task<SecretBytes?> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken) =>
            throw new StorageFaultException("key unwrap", "test keys", 503, "ServerBusy");

        public Task<KeySignature> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => inner.SignAsync(data, cancellationToken);

        public Task<bool> VerifyAsync(ReadOnlyMemory<byte> data, KeySignature signature, CancellationToken cancellationToken) =>
            inner.VerifyAsync(data, signature, cancellationToken);

        public Task PrepareAsync(KekName kek, CancellationToken cancellationToken) => inner.PrepareAsync(kek, cancellationToken);

        public Task<SigningKey?> FindSigningKeyAsync(string? version, CancellationToken cancellationToken) => inner.FindSigningKeyAsync(version, cancellationToken);

        public Task DestroyAsync(KekName kek, CancellationToken cancellationToken) => inner.DestroyAsync(kek, cancellationToken);
    }
}

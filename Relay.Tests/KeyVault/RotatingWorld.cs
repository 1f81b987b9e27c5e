using System.Globalization;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Relay.Tests.Support;

namespace Relay.Tests.KeyVault;

/// <summary>Tenants' keys on tables in memory and an emulated vault, through the real SDK, with a clock that only tests move.</summary>
internal sealed class RotatingWorld
{
    public const string Tenant = "1001";
    public const string Other = "1002";

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly string[] s_names = ["ids", "idempotency"];

    private RotatingWorld(DateTimeOffset start) => Time = new FakeTimeProvider(start);

    public FakeTimeProvider Time { get; }

    public MemoryTableStore Tables { get; } = new();

    public EmulatedVault Vault { get; } = new();

    public UtcDay Today => UtcDay.Today(Time);

    public UtcDay FirstLive => Retention.FirstLiveDay(Today);

    public static async Task<RotatingWorld> CreateAsync(int year, int month, int day)
    {
        RotatingWorld world = new(new DateTimeOffset(year, month, day, 3, 0, 0, TimeSpan.Zero));
        await world.Tables.EnsureTablesAsync([TableNames.Dek], None);
        return world;
    }

    public static SealedPlace Place(UtcDay? day) => new("conversations", "p", day?.Key ?? "lasting", "x");

    /// <summary>A process: its own caches, in memory and of the vault.</summary>
    public RotatingProcess Process(FaultPlan? plan = null, string name = "relay", ITableStore? tables = null, TimeProvider? time = null) =>
        new(new KeyRing(plan is null ? tables ?? Tables : new FaultyTableStore(tables ?? Tables, plan, name), Vault.Client(time ?? Time, plan, name), time ?? Time));

    public void GoTo(int year, int month, int day) => Time.SetUtcNow(new DateTimeOffset(year, month, day, 3, 0, 0, TimeSpan.Zero));

    /// <summary>Keys, and what looks like some; not the mark of a closed tenant.</summary>
    public async Task<IReadOnlyList<TableRow>> RowsAsync(string tenant = Tenant) =>
        await Tables.QueryAsync(TableNames.Dek, new TableRange(tenant, "0", null, int.MaxValue), None).ToListAsync();

    /// <summary>The months under whose keys the tenant's long-lived keys are wrapped.</summary>
    public async Task<IReadOnlyList<string>> MonthsOfNamesAsync(string tenant = Tenant) =>
        [.. (await RowsAsync(tenant)).Where(row => char.IsAsciiLetter(row.RowKey[0])).Select(MonthOf).Distinct()];

    public static string MonthOf(TableRow row) => KekName.TryParse(row.Get<string>("kek"), out KekName? kek) ? kek.Month : "none";

    public IReadOnlyList<string> Keks(string tenant = Tenant) => [.. Vault.Names().Where(name => name.StartsWith($"kek-{tenant}-", StringComparison.Ordinal)).Select(name => name[^6..])];

    /// <summary>All of table <c>dek</c> as it is, in tables of a thief's own.</summary>
    public async Task<ITableStore> StealAsync()
    {
        MemoryTableStore copy = new();
        await copy.EnsureTablesAsync([TableNames.Dek], None);
        foreach (TableRow row in (IReadOnlyList<TableRow>)[.. await RowsAsync(), .. await RowsAsync(Other)])
        {
            await copy.CommitAsync(TableNames.Dek, row.PartitionKey, [TableWrite.Insert(row.RowKey, row.Columns)], None);
        }

        return copy;
    }

    public Task PutAsync(string row, IReadOnlyDictionary<string, object> columns, string tenant = Tenant) =>
        Tables.CommitAsync(TableNames.Dek, tenant, [TableWrite.Upsert(row, columns)], None);

    /// <summary>Uses every long-lived key, and the day's.</summary>
    public async Task<SealedDay> WriteAsync(RotatingProcess process, string tenant = Tenant)
    {
        foreach (string name in s_names)
        {
            (await process.Ring.NamedKeyAsync(tenant, name, None)).Dispose();
        }

        byte[] text = Encoding.ASCII.GetBytes(Today.Key.ToString(CultureInfo.InvariantCulture));
        return new SealedDay(
            Today,
            await process.Sealer.SealAsync(tenant, Today, Place(Today), text, None),
            await process.Sealer.SealLongLivedAsync(tenant, Place(null), text, None));
    }
}

/// <summary>What was written on a day: under its key, and under the long-lived one.</summary>
internal sealed record SealedDay(UtcDay Day, byte[] Content, byte[] Lasting);

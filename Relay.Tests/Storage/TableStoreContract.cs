using System.Globalization;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Storage;

/// <summary>The promises of <see cref="ITableStore"/>. Every tier keeps all of them.</summary>
public abstract partial class TableStoreContract : IAsyncLifetime
{
    private const string Partition = "p1";

    private static readonly CancellationToken None = CancellationToken.None;

    private ITableStore? _store;

    protected string Table { get; } = "t" + Guid.NewGuid().ToString("N");

    private ITableStore Store => _store ?? throw new InvalidOperationException("Not opened.");

    public async Task InitializeAsync()
    {
        _store = await OpenAsync();
        await _store.EnsureTablesAsync([Table], None);
    }

    public virtual Task DisposeAsync() => Task.CompletedTask;

    protected abstract Task<ITableStore> OpenAsync();

    [StorageFact]
    public async Task A_row_that_is_not_there_reads_as_null() => Assert.Null(await GetAsync("nothing"));

    [StorageFact]
    public async Task A_row_reads_as_it_was_written()
    {
        DateTimeOffset time = new(2026, 8, 22, 13, 14, 15, 167, TimeSpan.FromHours(2));
        byte[] bytes = [0, 1, 2, 250, 255];
        await SavedAsync(TableWrite.Insert("r", Columns.Of(
            ("Text", "grüße 'quoted' \"and\" 🎈\n<&>"), ("EmptyText", ""), ("Small", -7), ("Big", long.MaxValue), ("Yes", true), ("No", false),
            ("Time", time.AddTicks(1234567)), ("Bytes", bytes), ("NoBytes", Array.Empty<byte>()))));

        TableRow row = await ReadAsync("r");

        Assert.Equal((Partition, "r"), (row.PartitionKey, row.RowKey));
        Assert.Equal(9, row.Columns.Count);
        Assert.Equal("grüße 'quoted' \"and\" 🎈\n<&>", row.Get<string>("Text"));
        Assert.Equal("", row.Get<string>("EmptyText"));
        Assert.Equal(-7, row.Get<int>("Small"));
        Assert.Equal(long.MaxValue, row.Get<long>("Big"));
        Assert.True(row.Get<bool>("Yes"));
        Assert.False(row.Get<bool>("No"));
        Assert.Equal(time.AddTicks(1234567), row.Get<DateTimeOffset>("Time"));
        Assert.Equal(TimeSpan.Zero, row.Get<DateTimeOffset>("Time").Offset);
        Assert.Equal(bytes, row.Get<byte[]>("Bytes"));
        Assert.Empty(row.Get<byte[]>("NoBytes"));
    }

    [StorageFact]
    public async Task Nothing_is_shared_with_the_caller()
    {
        byte[] mine = [1];
        Dictionary<string, object> columns = Columns.Of("Bytes", mine);
        await SavedAsync(TableWrite.Insert("r", columns));
        mine[0] = 2;
        columns["Later"] = 1;

        byte[] read = (await ReadAsync("r")).Get<byte[]>("Bytes");
        Assert.Equal(1, read[0]);
        read[0] = 3;

        TableRow again = await ReadAsync("r");
        Assert.Equal(1, again.Get<byte[]>("Bytes")[0]);
        Assert.Single(again.Columns);
    }

    [StorageFact]
    public async Task Insert_meets_an_existing_row()
    {
        await SavedAsync(TableWrite.Insert("r", Columns.Of("A", 1)));
        await FailsAsync(StoreOutcome.AlreadyExists, "r", TableWrite.Insert("r", Columns.Of("A", 2)));
        Assert.Equal(1, (await ReadAsync("r")).Get<int>("A"));
    }

    [StorageFact]
    public async Task Each_write_changes_the_etag()
    {
        HashSet<string> etags = [];
        await SavedAsync(TableWrite.Insert("r", Columns.Of("A", 1)));
        etags.Add((await ReadAsync("r")).ETag);
        await SavedAsync(TableWrite.Upsert("r", Columns.Of("A", 1)));
        etags.Add((await ReadAsync("r")).ETag);
        await SavedAsync(TableWrite.Merge("r", null, Columns.Of("A", 1)));
        etags.Add((await ReadAsync("r")).ETag);
        await SavedAsync(TableWrite.Replace("r", etags.Last(), Columns.Of("A", 1)));
        etags.Add((await ReadAsync("r")).ETag);
        Assert.Equal(4, etags.Count);
    }

    [StorageFact]
    public async Task Replace_removes_other_columns_and_needs_the_current_etag()
    {
        await SavedAsync(TableWrite.Insert("r", Columns.Of(("A", 1), ("B", 2))));
        string first = (await ReadAsync("r")).ETag;
        await SavedAsync(TableWrite.Replace("r", first, Columns.Of("A", 3)));
        Assert.Equal(3, Assert.Single((await ReadAsync("r")).Columns).Value);

        await FailsAsync(StoreOutcome.Changed, "r", TableWrite.Replace("r", first, Columns.Of("A", 4)));
        await FailsAsync(StoreOutcome.Missing, "gone", TableWrite.Replace("gone", first, Columns.Of("A", 4)));
        Assert.Equal(3, (await ReadAsync("r")).Get<int>("A"));
    }

    [StorageFact]
    public async Task Merge_keeps_other_columns()
    {
        await SavedAsync(TableWrite.Insert("r", Columns.Of(("A", 1), ("B", 2))));
        string first = (await ReadAsync("r")).ETag;
        await SavedAsync(TableWrite.Merge("r", first, Columns.Of(("B", 3), ("C", 4))));
        await FailsAsync(StoreOutcome.Changed, "r", TableWrite.Merge("r", first, Columns.Of("B", 5)));
        await SavedAsync(TableWrite.Merge("r", null, Columns.Of("C", 6)));

        TableRow row = await ReadAsync("r");
        Assert.Equal((1, 3, 6), (row.Get<int>("A"), row.Get<int>("B"), row.Get<int>("C")));
    }

    [StorageFact]
    public async Task Merge_of_a_missing_row_is_missing_and_writes_nothing()
    {
        await FailsAsync(StoreOutcome.Missing, "r", TableWrite.Merge("r", null, Columns.Of("A", 1)));
        await FailsAsync(StoreOutcome.Missing, "r", TableWrite.Merge("r", "*", Columns.Of("A", 1)));
        Assert.Null(await GetAsync("r"));
    }

    [StorageFact]
    public async Task Upsert_inserts_and_then_replaces()
    {
        await SavedAsync(TableWrite.Upsert("r", Columns.Of(("A", 1), ("B", 2))));
        await SavedAsync(TableWrite.Upsert("r", Columns.Of("A", 3)));
        Assert.Equal(3, Assert.Single((await ReadAsync("r")).Columns).Value);
    }

    [StorageFact]
    public async Task Delete_needs_a_row_and_the_current_etag()
    {
        await FailsAsync(StoreOutcome.Missing, "r", TableWrite.Delete("r", null));
        await SavedAsync(TableWrite.Insert("r", Columns.Of("A", 1)));
        string first = (await ReadAsync("r")).ETag;
        await FailsAsync(StoreOutcome.Missing, "other", TableWrite.Delete("other", first));
        await SavedAsync(TableWrite.Upsert("r", Columns.Of("A", 2)));
        await FailsAsync(StoreOutcome.Changed, "r", TableWrite.Delete("r", first));
        await SavedAsync(TableWrite.Delete("r", (await ReadAsync("r")).ETag));
        Assert.Null(await GetAsync("r"));
        await SavedAsync(TableWrite.Insert("r", Columns.Of("A", 3)));
        await SavedAsync(TableWrite.Delete("r", null));
        Assert.Null(await GetAsync("r"));
    }

    [StorageFact]
    public async Task An_unknown_table_is_a_fault()
    {
        const string Unknown = "unknowntable";
        TableWrite[][] commits =
        [
            [TableWrite.Insert("r", Columns.Of("A", 1))], [TableWrite.Delete("r", null)], [TableWrite.Merge("r", null, Columns.Of("A", 1))],
            [TableWrite.Upsert("r", Columns.Of("A", 1)), TableWrite.Upsert("s", Columns.Of("A", 1))],
        ];
        foreach (TableWrite[] commit in commits)
        {
            await Assert.ThrowsAsync<StorageFaultException>(() => Store.CommitAsync(Unknown, Partition, commit, None));
        }

        await Assert.ThrowsAsync<StorageFaultException>(() => Store.GetAsync(Unknown, Partition, "r", None));
        await Assert.ThrowsAsync<StorageFaultException>(async () =>
            await Store.QueryAsync(Unknown, TableRange.Partition(Partition, 1), None).ToListAsync());
    }

    [StorageFact]
    public async Task Ensure_may_be_repeated_and_keeps_what_is_there()
    {
        await SavedAsync(TableWrite.Insert("r", Columns.Of("A", 1)));
        await Store.EnsureTablesAsync([Table], None);
        Assert.NotNull(await GetAsync("r"));
    }

    [StorageFact]
    public async Task A_cancelled_caller_gets_a_cancellation()
    {
        CancellationToken cancelled = new(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.GetAsync(Table, Partition, "r", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Store.CommitAsync(Table, Partition, [TableWrite.Insert("r", Columns.Of("A", 1))], cancelled));
        Assert.Null(await GetAsync("r"));
    }

    private static string Number(int i) => i.ToString("D4", CultureInfo.InvariantCulture);

    private Task<TableRow?> GetAsync(string rowKey) => Store.GetAsync(Table, Partition, rowKey, None);

    private async Task<TableRow> ReadAsync(string rowKey)
    {
        TableRow? row = await GetAsync(rowKey);
        Assert.NotNull(row);
        return row;
    }

    private Task<CommitResult> CommitAsync(params TableWrite[] writes) => Store.CommitAsync(Table, Partition, writes, None);

    private async Task SavedAsync(params TableWrite[] writes) => Assert.True((await CommitAsync(writes)).IsSaved);

    private async Task FailsAsync(StoreOutcome outcome, string failedRow, params TableWrite[] writes) =>
        Assert.Equal(new CommitResult(outcome, failedRow), await CommitAsync(writes));
}

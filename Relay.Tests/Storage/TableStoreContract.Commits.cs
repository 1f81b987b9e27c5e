using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Storage;

/// <summary>Several writes at once, several callers at once, and the limits.</summary>
public abstract partial class TableStoreContract
{
    private const int Callers = 32;

    private static readonly ParallelOptions AllAtOnce = new() { MaxDegreeOfParallelism = Callers };

    [StorageFact]
    public async Task A_commit_does_every_kind_of_write()
    {
        await SavedAsync(
            TableWrite.Insert("delete", Columns.Of("A", 1)), TableWrite.Insert("merge", Columns.Of("A", 1)),
            TableWrite.Insert("replace", Columns.Of("A", 1)), TableWrite.Insert("upsert", Columns.Of("A", 1)));
        string etag = (await ReadAsync("replace")).ETag;

        await SavedAsync(
            TableWrite.Delete("delete", null), TableWrite.Merge("merge", null, Columns.Of("B", 2)), TableWrite.Replace("replace", etag, Columns.Of("B", 2)),
            TableWrite.Upsert("upsert", Columns.Of("B", 2)), TableWrite.Insert("insert", Columns.Of("B", 2)));

        List<TableRow> rows = await Store.QueryAsync(Table, TableRange.Partition(Partition, 10), None).ToListAsync();
        Assert.Equal(["insert", "merge", "replace", "upsert"], rows.Select(row => row.RowKey));
        Assert.Equal([1, 2, 1, 1], rows.Select(row => row.Columns.Count));
        Assert.All(rows, row => Assert.Equal(2, row.Get<int>("B")));
    }

    [StorageFact]
    public async Task A_commit_answers_the_etags_that_its_rows_have_from_then_on()
    {
        await SavedAsync(TableWrite.Insert("delete", Columns.Of("A", 1)), TableWrite.Insert("merge", Columns.Of("A", 1)));
        CommitResult several = await CommitAsync(
            TableWrite.Insert("insert", Columns.Of("A", 1)), TableWrite.Delete("delete", null), TableWrite.Merge("merge", null, Columns.Of("A", 2)));
        CommitResult one = await CommitAsync(TableWrite.Upsert("upsert", Columns.Of("A", 1)));

        Assert.Equal([(await ReadAsync("insert")).ETag, null, (await ReadAsync("merge")).ETag], several.ETags);
        Assert.Equal([(await ReadAsync("upsert")).ETag], one.ETags);
        Assert.Equal([null], (await CommitAsync(TableWrite.Delete("upsert", one.ETags[0]))).ETags);
        Assert.Empty((await CommitAsync(TableWrite.Insert("insert", Columns.Of("A", 1)))).ETags);
    }

    [StorageFact]
    public async Task A_failed_commit_writes_nothing_and_names_the_row()
    {
        await SavedAsync(TableWrite.Insert("there", Columns.Of("A", 1)));
        string stale = (await ReadAsync("there")).ETag;
        await SavedAsync(TableWrite.Upsert("there", Columns.Of("A", 2)));
        TableWrite first = TableWrite.Insert("new1", Columns.Of("A", 1));
        TableWrite last = TableWrite.Insert("new2", Columns.Of("A", 1));

        await FailsAsync(StoreOutcome.AlreadyExists, "there", first, TableWrite.Insert("there", Columns.Of("A", 3)), last);
        await FailsAsync(StoreOutcome.Changed, "there", first, TableWrite.Replace("there", stale, Columns.Of("A", 3)), last);
        await FailsAsync(StoreOutcome.Changed, "there", first, last, TableWrite.Delete("there", stale));
        await FailsAsync(StoreOutcome.Changed, "there", TableWrite.Merge("there", stale, Columns.Of("A", 3)), first, last);
        await FailsAsync(StoreOutcome.Missing, "gone", first, TableWrite.Merge("gone", null, Columns.Of("A", 3)), last);
        await FailsAsync(StoreOutcome.Missing, "gone", TableWrite.Upsert("there", Columns.Of("A", 3)), TableWrite.Delete("gone", null));

        TableRow only = Assert.Single(await Store.QueryAsync(Table, TableRange.Partition(Partition, 10), None).ToListAsync());
        Assert.Equal(2, only.Get<int>("A"));
    }

    [StorageFact]
    public async Task The_first_failing_write_is_the_one_named()
    {
        await SavedAsync(TableWrite.Insert("there", Columns.Of("A", 1)));
        await FailsAsync(
            StoreOutcome.Missing, "gone", TableWrite.Insert("new", Columns.Of("A", 1)), TableWrite.Delete("gone", null), TableWrite.Insert("there", Columns.Of("A", 1)));
        await FailsAsync(
            StoreOutcome.AlreadyExists, "there", TableWrite.Insert("there", Columns.Of("A", 1)), TableWrite.Delete("gone", null));
    }

    [StorageFact]
    public async Task One_of_many_inserts_wins()
    {
        int winners = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, Callers), AllAtOnce, async (i, _) =>
        {
            CommitResult result = await CommitAsync(TableWrite.Insert("r", Columns.Of("Winner", i)));
            Assert.Contains(result.Outcome, new[] { StoreOutcome.Saved, StoreOutcome.AlreadyExists });
            Interlocked.Add(ref winners, result.IsSaved ? 1 : 0);
        });
        Assert.Equal(1, winners);
    }

    [StorageFact]
    public async Task One_of_many_deletes_wins()
    {
        await SavedAsync(TableWrite.Insert("r", Columns.Of("A", 1)));
        string etag = (await ReadAsync("r")).ETag;
        int winners = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, Callers), AllAtOnce, async (_, _) =>
        {
            CommitResult result = await CommitAsync(TableWrite.Delete("r", etag));
            Assert.Contains(result.Outcome, new[] { StoreOutcome.Saved, StoreOutcome.Missing });
            Interlocked.Add(ref winners, result.IsSaved ? 1 : 0);
        });
        Assert.Equal(1, winners);
    }

    [StorageFact]
    public async Task One_of_many_commits_on_the_same_etag_wins_with_all_of_its_writes()
    {
        await SavedAsync(TableWrite.Insert("session", Columns.Of("Winner", -1)));
        string etag = (await ReadAsync("session")).ETag;
        int winners = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, Callers), AllAtOnce, async (i, _) =>
        {
            CommitResult result = await CommitAsync(
                TableWrite.Insert("o" + Number(i), Columns.Of("Caller", i)), TableWrite.Replace("session", etag, Columns.Of("Winner", i)));
            Assert.True(result.IsSaved || result == new CommitResult(StoreOutcome.Changed, "session"), $"{result}");
            Interlocked.Add(ref winners, result.IsSaved ? 1 : 0);
        });

        Assert.Equal(1, winners);
        TableRow winner = Assert.Single(await Store.QueryAsync(Table, TableRange.StartingWith(Partition, "o", 100), None).ToListAsync());
        Assert.Equal(winner.Get<int>("Caller"), (await ReadAsync("session")).Get<int>("Winner"));
    }

    [StorageFact]
    public async Task No_update_is_lost_between_callers_that_compare_and_swap()
    {
        const int Steps = 40;
        await SavedAsync(TableWrite.Insert("counter", Columns.Of("N", 0)));
        await Parallel.ForEachAsync(Enumerable.Range(0, Steps), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            CommitResult result;
            do
            {
                TableRow counter = await ReadAsync("counter");
                result = await CommitAsync(
                    TableWrite.Replace("counter", counter.ETag, Columns.Of("N", counter.Get<int>("N") + 1)), TableWrite.Insert("s" + Number(i), Columns.Of("A", 1)));
            }
            while (result.Outcome == StoreOutcome.Changed);
            Assert.True(result.IsSaved);
        });

        Assert.Equal(Steps, (await ReadAsync("counter")).Get<int>("N"));
        Assert.Equal(Steps, (await Store.QueryAsync(Table, TableRange.StartingWith(Partition, "s", 100), None).ToListAsync()).Count);
    }

    [StorageFact]
    public async Task Rows_may_come_and_go_in_one_partition_under_many_callers()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, Callers), AllAtOnce, async (i, _) =>
        {
            for (int round = 0; round < 3; round++)
            {
                await SavedAsync(TableWrite.Insert(Number(i), Columns.Of("A", round)));
                await SavedAsync(TableWrite.Delete(Number(i), null));
            }
        });
        Assert.Empty(await Store.QueryAsync(Table, TableRange.Partition(Partition, 10), None).ToListAsync());
    }

    [StorageFact]
    public async Task A_commit_has_at_most_100_writes()
    {
        TableWrite[] writes = [.. Enumerable.Range(0, 101).Select(i => TableWrite.Insert(Number(i), Columns.Of("A", i)))];
        await Assert.ThrowsAsync<ArgumentException>(() => CommitAsync(writes));
        Assert.Null(await GetAsync(Number(0)));
        await SavedAsync(writes[..100]);
        Assert.NotNull(await GetAsync(Number(99)));
    }

    [StorageFact]
    public async Task A_column_holds_64_KiB_and_no_more()
    {
        byte[] largest = new byte[TableLimits.MaxColumnBytes];
        largest[^1] = 7;
        string text = new('ü', TableLimits.MaxColumnBytes / 2);
        await SavedAsync(TableWrite.Insert("r", Columns.Of(("Bytes", largest), ("Text", text))));
        TableRow row = await ReadAsync("r");
        Assert.Equal(largest, row.Get<byte[]>("Bytes"));
        Assert.Equal(text, row.Get<string>("Text"));

        await Assert.ThrowsAsync<ArgumentException>(() => CommitAsync(TableWrite.Insert("s", Columns.Of("Bytes", new byte[largest.Length + 1]))));
        await Assert.ThrowsAsync<ArgumentException>(() => CommitAsync(TableWrite.Insert("s", Columns.Of("Text", text + "x"))));
    }

    [StorageFact]
    public async Task A_row_holds_a_session_of_512_KiB_in_a_transaction()
    {
        (string, object)[] chunks = [.. Enumerable.Range(0, 9).Select(i => ("C" + Number(i), (object)new byte[60 * 1024]))];
        await SavedAsync(TableWrite.Insert("S", Columns.Of(chunks)), TableWrite.Insert("O", Columns.Of(chunks)));
        Assert.Equal(9, (await ReadAsync("S")).Columns.Count);
    }

    [StorageFact]
    public async Task Bad_arguments_are_refused_before_anything_is_sent()
    {
        TableWrite good = TableWrite.Insert("r", Columns.Of("A", 1));
        await Assert.ThrowsAsync<ArgumentException>(() => CommitAsync());
        await Assert.ThrowsAsync<ArgumentException>(() => CommitAsync(good, TableWrite.Delete("r", null)));
        await Assert.ThrowsAsync<ArgumentException>(() => CommitAsync(TableWrite.Insert("a/b", Columns.Of("A", 1))));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CommitAsync(Table, "a#b", [good], None));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.GetAsync(Table, Partition, "a?b", None));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () =>
            await Store.QueryAsync(Table, TableRange.Partition(Partition, 0), None).ToListAsync());
        Assert.Null(await GetAsync("r"));
    }
}

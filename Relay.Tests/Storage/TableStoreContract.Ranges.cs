using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Storage;

/// <summary>Reading a range.</summary>
public abstract partial class TableStoreContract
{
    [StorageFact]
    public async Task A_range_is_ordered_by_ordinal_and_stays_in_its_partition()
    {
        await SavedAsync([.. new[] { "b", "B", "a", "_", "Z", "é", "10", "9", "a!", "aa" }.Select(key => TableWrite.Insert(key, Columns.Of("A", 1)))]);
        await Store.CommitAsync(Table, "p10", [TableWrite.Insert("other", Columns.Of("A", 1))], None);
        await Store.CommitAsync(Table, "P1", [TableWrite.Insert("other", Columns.Of("A", 1))], None);

        Assert.Equal(["10", "9", "B", "Z", "_", "a", "a!", "aa", "b", "é"], await KeysAsync(TableRange.Partition(Partition, 100)));
    }

    [StorageFact]
    public async Task A_range_starts_at_its_first_key_and_ends_before_its_last()
    {
        await SavedAsync([.. Enumerable.Range(0, 10).Select(i => TableWrite.Insert(Number(i), Columns.Of("A", i)))]);
        Assert.Equal(["0003", "0004"], await KeysAsync(new TableRange(Partition, "0003", "0005", 100)));
        Assert.Equal(["0008", "0009"], await KeysAsync(new TableRange(Partition, "0008", null, 100)));
        Assert.Equal(["0000", "0001"], await KeysAsync(new TableRange(Partition, null, "0002", 100)));
        Assert.Equal(["0000", "0001", "0002"], await KeysAsync(TableRange.Partition(Partition, 3)));
        Assert.Empty(await KeysAsync(new TableRange(Partition, "0005", "0005", 100)));
        Assert.Empty(await KeysAsync(new TableRange(Partition, "0005", "0003", 100)));
        Assert.Empty(await KeysAsync(new TableRange(Partition, "1", null, 100)));
        Assert.Empty(await KeysAsync(TableRange.Partition("nobody", 100)));
    }

    [StorageFact]
    public async Task A_prefix_finds_what_starts_with_it()
    {
        await SavedAsync([.. new[] { "N:1", "O", "O:1", "O:2", "O:ü", "O;1", "R:1" }.Select(key => TableWrite.Insert(key, Columns.Of("A", 1)))]);
        Assert.Equal(["O:1", "O:2", "O:ü"], await KeysAsync(TableRange.StartingWith(Partition, "O:", 100)));
    }

    [StorageFact]
    public async Task Quotes_in_keys_are_only_characters()
    {
        const string Odd = "it's ' or PartitionKey ne 'x";
        await SavedAsync(TableWrite.Insert("safe", Columns.Of("A", 1)));
        await Store.CommitAsync(Table, Odd, [TableWrite.Insert(Odd, Columns.Of("A", 1)), TableWrite.Insert("z", Columns.Of("A", 1))], None);

        Assert.Equal([Odd], await KeysAsync(new TableRange(Odd, Odd, Odd + "'", 100)));
        Assert.NotNull(await Store.GetAsync(Table, Odd, Odd, None));
        Assert.True((await Store.CommitAsync(Table, Odd, [TableWrite.Delete(Odd, null)], None)).IsSaved);
    }

    [StorageFact]
    public async Task A_long_range_is_read_to_its_limit_across_pages()
    {
        for (int hundred = 0; hundred < 5; hundred++)
        {
            int first = hundred * 100;
            await SavedAsync([.. Enumerable.Range(first, 100).Select(i => TableWrite.Insert(Number(i), Columns.Of("A", i)))]);
        }

        Assert.Equal(Enumerable.Range(0, 500).Select(Number), await KeysAsync(TableRange.Partition(Partition, 1000)));
        Assert.Equal(Enumerable.Range(0, 450).Select(Number), await KeysAsync(TableRange.Partition(Partition, 450)));
        Assert.Equal(Enumerable.Range(100, 200).Select(Number), await KeysAsync(new TableRange(Partition, "0100", "0300", 1000)));
    }

    [StorageFact]
    public async Task Rows_of_a_range_may_be_deleted_while_it_is_read()
    {
        for (int hundred = 0; hundred < 3; hundred++)
        {
            int first = hundred * 100;
            await SavedAsync([.. Enumerable.Range(first, 100).Select(i => TableWrite.Insert(Number(i), Columns.Of("A", i)))]);
        }

        int read = 0;
        await foreach (TableRow row in Store.QueryAsync(Table, TableRange.Partition(Partition, 1000), None))
        {
            read++;
            await SavedAsync(TableWrite.Delete(row.RowKey, row.ETag));
        }

        Assert.Equal(300, read);
        Assert.Empty(await KeysAsync(TableRange.Partition(Partition, 1)));
    }

    private async Task<List<string>> KeysAsync(TableRange range) =>
        await Store.QueryAsync(Table, range, None).Select(row => row.RowKey).ToListAsync();
}

using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Conversations;

public sealed class LookupStoreTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly BusinessId Business = BusinessId.Parse("1001");
    private static readonly PhoneNumberId Number = PhoneNumberId.Parse("2002");
    private static readonly PhoneNumber User = TestVault.Number("491571234567");

    [Fact]
    public async Task All_who_race_get_one_conversation()
    {
        TestVault vault = await TestVault.CreateAsync();
        LookupStore[] processes = [.. Enumerable.Range(0, 8).Select(_ => Open(vault))];
        ConversationId[] found = await Task.WhenAll(Enumerable.Range(0, 32).Select(i =>
            processes[i % 8].FindOrCreateAsync(Business, Number, User, None).AsTask()));

        Assert.Single(found.Distinct());
        Assert.Single(await RowsAsync(vault));
        Assert.Equal(found[0], await Open(vault.Restarted()).FindOrCreateAsync(Business, Number, User, None));
    }

    [Fact]
    public async Task Every_pair_has_a_conversation_and_a_random_name_of_its_own()
    {
        TestVault vault = await TestVault.CreateAsync();
        LookupStore lookup = Open(vault);
        ConversationId[] found =
        [
            await lookup.FindOrCreateAsync(Business, Number, User, None),
            await lookup.FindOrCreateAsync(Business, Number, TestVault.Number("491571234568"), None),
            await lookup.FindOrCreateAsync(Business, PhoneNumberId.Parse("20024"), TestVault.Number("91571234567"), None),
            await lookup.FindOrCreateAsync(BusinessId.Parse("1002"), Number, User, None),
            await Open(await TestVault.CreateAsync()).FindOrCreateAsync(Business, Number, User, None),
        ];
        Assert.Equal(found.Length, found.Distinct().Count());
    }

    [Fact]
    public async Task Rows_are_named_by_a_keyed_hash()
    {
        TestVault vault = await TestVault.CreateAsync();
        TestVault other = await TestVault.CreateAsync();
        string row = await Open(vault).ReferenceAsync(Business, Number, User, None);

        Assert.Matches("^00692-[0-9a-f]{64}$", row);
        Assert.Equal(row, await Open(vault.Restarted()).ReferenceAsync(Business, Number, User, None));
        Assert.NotEqual(row, await Open(other).ReferenceAsync(Business, Number, User, None));
        Assert.NotEqual(row, await Open(vault).ReferenceAsync(BusinessId.Parse("1002"), Number, User, None));
    }

    [Fact]
    public async Task A_known_conversation_costs_no_read_for_ten_minutes()
    {
        TestVault vault = await TestVault.CreateAsync();
        LookupStore lookup = Open(vault);
        await lookup.FindOrCreateAsync(Business, Number, User, None);
        int Reads() => vault.Tables.Calls.Count(call => call == "GET lookup");
        int before = Reads();
        vault.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        await lookup.FindOrCreateAsync(Business, Number, User, None);
        Assert.Equal(before, Reads());

        vault.Time.Advance(TimeSpan.FromTicks(1));
        await lookup.FindOrCreateAsync(Business, Number, User, None);
        Assert.Equal(before + 1, Reads());
    }

    [Fact]
    public async Task A_row_is_deleted_only_while_it_leads_there()
    {
        TestVault vault = await TestVault.CreateAsync();
        LookupStore lookup = Open(vault);
        ConversationId conversation = await lookup.FindOrCreateAsync(Business, Number, User, None);
        string row = await lookup.ReferenceAsync(Business, Number, User, None);

        await lookup.DeleteAsync(Business, row, ConversationId.Create(), None);
        Assert.Single(await RowsAsync(vault));
        await lookup.DeleteAsync(Business, row, conversation, None);
        await lookup.DeleteAsync(Business, row, conversation, None);
        Assert.Empty(await RowsAsync(vault));
        Assert.NotEqual(conversation, await lookup.FindOrCreateAsync(Business, Number, User, None));
    }

    [Fact]
    public async Task Ensuring_puts_the_row_back_or_says_who_was_first()
    {
        TestVault vault = await TestVault.CreateAsync();
        LookupStore lookup = Open(vault);
        ConversationId mine = ConversationId.Create();

        Assert.Equal(mine, (await lookup.EnsureAsync(Business, Number, User, mine, None)).Conversation);
        Assert.Equal(mine, (await lookup.EnsureAsync(Business, Number, User, ConversationId.Create(), None)).Conversation);
        Assert.Equal(mine, await lookup.FindOrCreateAsync(Business, Number, User, None));
    }

    internal static LookupStore Open(TestVault vault) => new(vault.Tables, vault.Ring, vault.Time);

    private static async Task<List<TableRow>> RowsAsync(TestVault vault) =>
        await vault.Tables.QueryAsync(TableNames.Lookup, TableRange.Partition($"{Business.Value}-00692", 100), None).ToListAsync();
}

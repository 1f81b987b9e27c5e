using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Conversations;

/// <summary>Lookup keys live for an epoch of 30 days and the one after it; numbers keep their conversation all the same.</summary>
public sealed class LookupEpochTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly BusinessId Business = BusinessId.Parse("1001");
    private static readonly PhoneNumberId Number = PhoneNumberId.Parse("2002");
    private static readonly PhoneNumber User = TestVault.Number("491571234567");

    /// <summary>The first moment of the epoch after that of <see cref="TestVault"/>'s clock.</summary>
    private static readonly DateTimeOffset NextEpoch = new(2026, 12, 3, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_number_that_is_used_in_each_epoch_keeps_its_conversation_for_ever()
    {
        TestVault vault = await TestVault.CreateAsync();
        ConversationId first = await Open(vault).FindOrCreateAsync(Business, Number, User, None);
        for (int month = 0; month < 6; month++)
        {
            vault.Time.Advance(TimeSpan.FromDays(28));
            Assert.Equal(first, await Open(vault).FindOrCreateAsync(Business, Number, User, None));
            await Erasure(vault).DeletePastAsync(Business, 1_000, None);
        }

        Assert.Equal(2, (await RowsAsync(vault)).Count);
    }

    [Fact]
    public async Task All_who_meet_a_number_at_once_in_a_new_epoch_go_on_with_its_conversation()
    {
        TestVault vault = await TestVault.CreateAsync();
        ConversationId first = await Open(vault).FindOrCreateAsync(Business, Number, User, None);
        vault.Time.SetUtcNow(NextEpoch);
        LookupStore[] processes = [.. Enumerable.Range(0, 8).Select(_ => Open(vault.Restarted()))];
        ConversationId[] found = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => i % 2 == 0
            ? processes[i % 8].FindOrCreateAsync(Business, Number, User, None).AsTask()
            : EnsureAsync(processes[i % 8], first)));

        Assert.All(found, one => Assert.Equal(first, one));
        Assert.Equal(2, (await RowsAsync(vault)).Count);
    }

    /// <summary>Whoever commits to a new epoch's row in between, in whatever order: one conversation.</summary>
    [Fact]
    public async Task A_clock_that_is_behind_at_the_turn_of_an_epoch_makes_no_second_conversation()
    {
        TestVault ahead = await TestVault.CreateAsync();
        ahead.Time.SetUtcNow(NextEpoch + TimeSpan.FromMinutes(1));
        TestVault behind = ahead.At(NextEpoch - TimeSpan.FromMinutes(1));
        ConversationId[] found = await Task.WhenAll(Enumerable.Range(0, 32).Select(i =>
            Open((i % 2 == 0 ? ahead : behind).Restarted()).FindOrCreateAsync(Business, Number, User, None).AsTask()));
        Assert.Single(found.Distinct());
    }

    [Fact]
    public async Task A_number_unused_for_a_whole_epoch_is_met_anew_and_its_key_is_gone()
    {
        TestVault vault = await TestVault.CreateAsync();
        ConversationId first = await Open(vault).FindOrCreateAsync(Business, Number, User, None);
        vault.Time.SetUtcNow(NextEpoch + TimeSpan.FromDays(30));
        await Erasure(vault.Restarted()).DestroyPastAsync(Business, None);
        Assert.Equal(1, await Erasure(vault.Restarted()).DeletePastAsync(Business, 1_000, None));
        Assert.Empty(await RowsAsync(vault));
        Assert.Null(await vault.Restarted().Ring.FindNamedKeyAsync(Business.Value, "lookup-00692", None));
        Assert.NotEqual(first, await Open(vault.Restarted()).FindOrCreateAsync(Business, Number, User, None));
    }

    [Fact]
    public async Task Rows_of_past_epochs_go_in_bounded_slices_and_the_key_goes_first()
    {
        TestVault vault = await TestVault.CreateAsync();
        LookupStore lookup = Open(vault);
        for (int i = 0; i < 250; i++)
        {
            await lookup.FindOrCreateAsync(Business, Number, TestVault.Number($"49157{i:D7}"), None);
        }

        vault.Time.SetUtcNow(NextEpoch + TimeSpan.FromDays(30));
        await Erasure(vault).DestroyPastAsync(Business, None);
        Assert.Equal(100, await Erasure(vault).DeletePastAsync(Business, 100, None));
        Assert.Null(await vault.Restarted().Ring.FindNamedKeyAsync(Business.Value, "lookup-00692", None));
        Assert.Equal(100, await Erasure(vault).DeletePastAsync(Business, 100, None));
        Assert.Equal(50, await Erasure(vault).DeletePastAsync(Business, 100, None));
        Assert.Equal(0, await Erasure(vault).DeletePastAsync(Business, 100, None));
    }

    [Fact]
    public async Task What_was_accepted_before_an_erasure_is_known_and_what_comes_after_begins_anew()
    {
        TestVault vault = await TestVault.CreateAsync();
        ConversationId first = await Open(vault).FindOrCreateAsync(Business, Number, User, None);
        DateTimeOffset at = vault.Time.GetUtcNow();
        await EraseAsync(vault, at);

        LookupAnswer ensured = await Open(vault.Restarted()).EnsureAsync(Business, Number, User, first, None);
        Assert.Null(ensured.Conversation);
        Assert.True(ensured.Erases(first, at));
        Assert.False(ensured.Erases(first, at + TimeSpan.FromMilliseconds(1)));
        Assert.Null(await Open(vault.Restarted()).FindAsync(Business, Number, User, None));

        ConversationId second = await Open(vault.Restarted()).FindOrCreateAsync(Business, Number, User, None);
        Assert.NotEqual(first, second);
        await EraseAsync(vault, at);
        LookupAnswer now = await Open(vault.Restarted()).EnsureAsync(Business, Number, User, first, None);
        Assert.Equal(second, now.Conversation);
        Assert.True(now.Erases(first, at));
        Assert.False(now.Erases(second, at));
    }

    [Fact]
    public async Task An_erasure_holds_in_the_next_epoch_too()
    {
        TestVault vault = await TestVault.CreateAsync();
        ConversationId first = await Open(vault).FindOrCreateAsync(Business, Number, User, None);
        DateTimeOffset at = vault.Time.GetUtcNow();
        await EraseAsync(vault, at);
        vault.Time.SetUtcNow(NextEpoch);
        Assert.True((await Open(vault.Restarted()).EnsureAsync(Business, Number, User, first, None)).Erases(first, at));
        Assert.NotEqual(first, await Open(vault.Restarted()).FindOrCreateAsync(Business, Number, User, None));
        Assert.True((await Open(vault.Restarted()).PeekAsync(Business, Number, User, None)).Erases(first, at));
    }

    /// <summary>An instance that is behind erases what others have moved to the next epoch already.</summary>
    [Fact]
    public async Task An_erasure_at_the_turn_of_an_epoch_finds_the_row_that_a_clock_ahead_has_made()
    {
        TestVault behind = await TestVault.CreateAsync();
        behind.Time.SetUtcNow(NextEpoch - TimeSpan.FromMinutes(1));
        ConversationId first = await Open(behind).FindOrCreateAsync(Business, Number, User, None);
        TestVault ahead = behind.At(NextEpoch + TimeSpan.FromMinutes(1));
        Assert.Equal(first, await Open(ahead).FindOrCreateAsync(Business, Number, User, None));
        await EraseAsync(behind, behind.Time.GetUtcNow());
        Assert.Null((await Open(ahead.Restarted()).EnsureAsync(Business, Number, User, first, None)).Conversation);
    }

    [Fact]
    public async Task A_number_that_moved_to_a_new_epoch_is_erased_in_both()
    {
        TestVault vault = await TestVault.CreateAsync();
        ConversationId first = await Open(vault).FindOrCreateAsync(Business, Number, User, None);
        vault.Time.SetUtcNow(NextEpoch + TimeSpan.FromDays(1));
        await Open(vault.Restarted()).FindOrCreateAsync(Business, Number, User, None);
        await EraseAsync(vault, vault.Time.GetUtcNow());

        TestVault behind = vault.At(NextEpoch - TimeSpan.FromSeconds(1));
        Assert.Null((await Open(behind).EnsureAsync(Business, Number, User, first, None)).Conversation);
        Assert.Null(await Open(vault.Restarted()).FindAsync(Business, Number, User, None));
    }

    private static LookupStore Open(TestVault vault) => LookupStoreTests.Open(vault);

    private static LookupErasure Erasure(TestVault vault) => new(Open(vault), vault.Tables, vault.Ring, vault.Time);

    private static async Task<ConversationId> EnsureAsync(LookupStore lookup, ConversationId conversation) =>
        (await lookup.EnsureAsync(Business, Number, User, conversation, None)).Conversation.GetValueOrDefault();

    private static async Task EraseAsync(TestVault vault, DateTimeOffset at)
    {
        LookupErasure erasure = Erasure(vault.Restarted());
        FoundLookup found = (await erasure.FindAsync(Business, Number, User, None))!;
        foreach (string reference in found.References)
        {
            await erasure.EraseAsync(Business, reference, found.Conversations[0], at, None);
        }
    }

    private static async Task<List<TableRow>> RowsAsync(TestVault vault)
    {
        List<TableRow> rows = [];
        for (int epoch = 690; epoch < 700; epoch++)
        {
            rows.AddRange(await vault.Tables.QueryAsync(TableNames.Lookup, TableRange.Partition($"{Business.Value}-00{epoch}", 1_000), None).ToListAsync());
        }

        return rows;
    }
}

using System.Globalization;
using Relay.Shared.Conversations;
using Relay.Shared.Primitives;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Conversations;

public sealed class ExpiryIndexTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Every_conversation_of_a_day_is_found_once_in_its_shard()
    {
        TestVault vault = await TestVault.CreateAsync();
        ExpiryIndex index = new(vault.Tables, vault.Time);
        ConversationKey[] keys = [.. Enumerable.Range(0, 300).Select(i => new ConversationKey(BusinessId.Parse((i % 3).ToString(CultureInfo.InvariantCulture)), ConversationId.Create()))];
        foreach (ConversationKey key in keys.Concat(keys))
        {
            await index.NoteAsync(key, Conversation.Number, vault.Today, None);
        }

        List<ConversationKey> found = [];
        for (int shard = 0; shard < ExpiryIndex.Shards; shard++)
        {
            IReadOnlyList<ConversationKey> some = await index.ListAsync(vault.Today, shard, null, 1_000, None);
            Assert.All(some, key => Assert.Equal(shard.ToString("x", CultureInfo.InvariantCulture)[0], key.Conversation.Hex[0]));
            found.AddRange(some);
            Assert.Empty(await index.ListAsync(vault.Today.AddDays(1), shard, null, 1_000, None));
        }

        Assert.Equal(keys.Select(key => key.Partition).Order(), found.Select(key => key.Partition).Order());
        Assert.Equal(300, vault.Tables.Calls.Count(call => call == "COMMIT expiry"));
    }

    [Fact]
    public async Task Another_day_is_noted_again_and_another_process_notes_for_itself()
    {
        TestVault vault = await TestVault.CreateAsync();
        ConversationKey key = new(BusinessId.Parse("1"), ConversationId.Create());
        ExpiryIndex index = new(vault.Tables, vault.Time);
        await index.NoteAsync(key, Conversation.Number, vault.Today, None);
        await new ExpiryIndex(vault.Tables, vault.Time).NoteAsync(key, Conversation.Number, vault.Today, None);
        vault.Time.Advance(TimeSpan.FromDays(1));
        await index.NoteAsync(key, Conversation.Number, vault.Today, None);

        int shard = int.Parse(key.Conversation.Hex[..1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Assert.Equal([key], await index.ListAsync(vault.Today, shard, null, 10, None));
        Assert.Equal([key], await index.ListAsync(vault.Today.AddDays(-1), shard, null, 10, None));
    }

    [Fact]
    public async Task A_row_that_could_not_be_written_is_not_taken_as_written()
    {
        TestVault vault = await TestVault.CreateAsync();
        ConversationKey key = new(BusinessId.Parse("1"), ConversationId.Create());
        ExpiryIndex index = new(vault.Tables, vault.Time);
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => index.NoteAsync(key, Conversation.Number, vault.Today, cancelled.Token).AsTask());
        await index.NoteAsync(key, Conversation.Number, vault.Today, None);

        int shard = int.Parse(key.Conversation.Hex[..1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Assert.Equal([key], await index.ListAsync(vault.Today, shard, null, 10, None));
    }

    [Fact]
    public async Task Removing_is_done_also_when_another_run_was_quicker_with_some()
    {
        TestVault vault = await TestVault.CreateAsync();
        ExpiryIndex index = new(vault.Tables, vault.Time);
        ConversationKey[] keys = [.. Enumerable.Range(0, 150).Select(_ => new ConversationKey(BusinessId.Parse("1"), InShardZero()))];
        foreach (ConversationKey key in keys)
        {
            await index.NoteAsync(key, Conversation.Number, vault.Today, None);
        }

        Assert.Equal(7, (await index.ListAsync(vault.Today, 0, null, 7, None)).Count);
        await index.RemoveAsync(vault.Today, 0, keys[..3], None);
        await index.RemoveAsync(vault.Today, 0, keys, None);
        Assert.Empty(await index.ListAsync(vault.Today, 0, null, 1_000, None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1")]
    [InlineData("1-00")]
    [InlineData("x-00112233445566778899aabbccddeeff")]
    [InlineData("1-00112233445566778899AABBCCDDEEFF")]
    [InlineData("1-00112233445566778899aabbccddeeff-2")]
    public void What_names_no_conversation_is_no_key(string partition) => Assert.False(ConversationKey.TryParse(partition, out _));

    private static ConversationId InShardZero()
    {
        byte[] bytes = ConversationId.Create().ToBytes();
        bytes[0] &= 0x0F;
        return ConversationId.FromBytes(bytes);
    }
}

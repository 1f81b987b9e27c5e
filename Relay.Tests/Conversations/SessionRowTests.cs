using System.Globalization;
using Relay.Shared.Conversations;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Signal;
using Relay.Shared.Storage;
using Relay.Tests.Signal;
using Xunit;

namespace Relay.Tests.Conversations;

public sealed class SessionRowTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_session_comes_back_and_counts_its_writes()
    {
        Conversation conversation = await Conversation.CreateAsync();
        SessionContent content = Conversation.Session();
        Assert.Same(SessionSlot.Empty, await conversation.Store.LoadSessionAsync(conversation.Key, None));

        Assert.True((await conversation.PutSessionAsync(SessionSlot.Empty, content)).IsSaved);
        SessionSlot first = await conversation.Store.LoadSessionAsync(conversation.Key, None);
        Assert.True((await conversation.PutSessionAsync(first, content)).IsSaved);
        SessionSlot second = await conversation.Store.LoadSessionAsync(conversation.Key, None);

        Assert.Equal((1L, 2L, 1), (first.Generation, second.Generation, second.Era));
        Assert.Equal((Conversation.Number, Conversation.Peer), (second.Content!.Number, second.Content.Peer.Digits));
        Assert.Equal(content.Record.Serialize(), second.Content.Record.Serialize());
    }

    [Fact]
    public async Task Of_two_who_read_the_same_state_one_writes()
    {
        Conversation conversation = await Conversation.CreateAsync();
        SessionContent content = Conversation.Session();
        Assert.True((await conversation.PutSessionAsync(SessionSlot.Empty, content)).IsSaved);
        Assert.Equal(StoreOutcome.AlreadyExists, (await conversation.PutSessionAsync(SessionSlot.Empty, content)).Outcome);

        SessionSlot slot = await conversation.Store.LoadSessionAsync(conversation.Key, None);
        Assert.True((await conversation.PutSessionAsync(slot, content)).IsSaved);
        Assert.Equal(StoreOutcome.Changed, (await conversation.PutSessionAsync(slot, content)).Outcome);
    }

    [Fact]
    public async Task An_older_state_under_a_newer_generation_does_not_open()
    {
        Conversation conversation = await Conversation.CreateAsync();
        await conversation.PutSessionAsync(SessionSlot.Empty, Conversation.Session());
        object old = (await conversation.RowAsync("S")).Columns["s0"];
        await conversation.PutSessionAsync(await conversation.Store.LoadSessionAsync(conversation.Key, None), Conversation.Session());
        await conversation.OverwriteAsync("S", "s0", old);

        await Assert.ThrowsAsync<SealBrokenException>(() => conversation.Store.LoadSessionAsync(conversation.Key, None));
    }

    [Theory]
    [InlineData("gen", 2L)]
    [InlineData("chunks", 0)]
    [InlineData("chunks", -1)]
    [InlineData("chunks", 2)]
    [InlineData("chunks", 13)]
    [InlineData("chunks", int.MaxValue)]
    public async Task A_changed_count_does_not_open(string column, object value)
    {
        Conversation conversation = await Conversation.CreateAsync();
        await conversation.PutSessionAsync(SessionSlot.Empty, Conversation.Session());
        await conversation.OverwriteAsync("S", column, value);

        Exception? fault = await Record.ExceptionAsync(() => conversation.Store.LoadSessionAsync(conversation.Key, None));
        Assert.True(fault is SealBrokenException or InvalidDataException, fault?.ToString());
    }

    [Fact]
    public async Task A_session_does_not_open_in_another_conversation_or_tenant()
    {
        Conversation conversation = await Conversation.CreateAsync();
        await conversation.PutSessionAsync(SessionSlot.Empty, Conversation.Session());
        IReadOnlyDictionary<string, object> columns = (await conversation.RowAsync("S")).Columns;
        ConversationKey other = conversation.Key with { Conversation = ConversationId.Create() };
        await conversation.OverwriteAsync("S", columns, other);
        await Assert.ThrowsAsync<SealBrokenException>(() => conversation.Store.LoadSessionAsync(other, None));

        ConversationKey tenant = conversation.Key with { Business = BusinessId.Parse("77") };
        await conversation.Vault.Ring.DayKeyAsync("77", conversation.Vault.Today, None);
        await conversation.OverwriteAsync("S", columns, tenant);
        await Assert.ThrowsAsync<SealBrokenException>(() => conversation.Store.LoadSessionAsync(tenant, None));
    }

    /// <summary>The worst that a peer may do to a record: session after session full of skipped keys, until the oldest give way.</summary>
    [Fact]
    public async Task The_largest_record_that_the_protocol_allows_fits_its_row_and_swapped_chunks_do_not_open()
    {
        SessionRecord largest = Largest();
        Assert.InRange(largest.Serialize().Length, SignalLimits.MaxRecordBytes - (75 * 1024), SignalLimits.MaxRecordBytes);
        Assert.All(largest.Sessions.ToArray(), session => Assert.InRange(session.SkippedCount, SignalLimits.MaxSkippedKeys - 5, SignalLimits.MaxSkippedKeys));

        Conversation conversation = await Conversation.CreateAsync();
        Assert.True((await conversation.PutSessionAsync(SessionSlot.Empty, Conversation.Session(largest))).IsSaved);
        TableRow row = await conversation.RowAsync("S");
        int chunks = row.Get<int>("chunks");
        Assert.InRange(chunks, 2, 12);
        Assert.All(Enumerable.Range(0, chunks), chunk => Assert.InRange(row.Get<byte[]>($"s{chunk.ToString("x", CultureInfo.InvariantCulture)}").Length, 1, TableLimits.MaxColumnBytes));
        SessionSlot slot = await conversation.Store.LoadSessionAsync(conversation.Key, None);
        Assert.Equal(largest.Serialize(), slot.Content!.Record.Serialize());

        Dictionary<string, object> swapped = new(row.Columns) { ["s0"] = row.Columns["s1"], ["s1"] = row.Columns["s0"] };
        await conversation.OverwriteAsync("S", swapped);
        await Assert.ThrowsAsync<SealBrokenException>(() => conversation.Store.LoadSessionAsync(conversation.Key, None));

        Dictionary<string, object> shortened = new(row.Columns) { ["chunks"] = chunks - 1 };
        await conversation.OverwriteAsync("S", shortened);
        await Assert.ThrowsAsync<SealBrokenException>(() => conversation.Store.LoadSessionAsync(conversation.Key, None));
    }

    [Fact]
    public async Task A_session_whose_day_is_gone_is_empty_and_keeps_its_place()
    {
        Conversation conversation = await Conversation.CreateAsync();
        await conversation.PutSessionAsync(SessionSlot.Empty, Conversation.Session());
        conversation.Vault.Time.Advance(TimeSpan.FromDays(30));
        SessionSlot slot = await conversation.Store.LoadSessionAsync(conversation.Key, None);

        Assert.Null(slot.Content);
        Assert.NotNull(slot.ETag);
        Assert.Equal(1, slot.Generation);
        Assert.True((await conversation.PutSessionAsync(slot, Conversation.Session())).IsSaved);
        Assert.Equal(2, (await conversation.Store.LoadSessionAsync(conversation.Key, None)).Generation);
    }

    private static SessionRecord Largest()
    {
        (Party alice, Party bob) = Party.Pair();
        for (int session = 0; session <= SignalLimits.MaxArchivedSessions; session++)
        {
            alice.Initiate(bob.Publish());
            Assert.Equal("hello", bob.ReadText(alice.Write("hello")));
            Assert.Equal("hello", alice.ReadText(bob.Write("hello")));
            SessionRecord record = alice.Record() ?? throw new InvalidDataException();
            SignalCiphertext? last = null;
            for (int i = 0; i <= SignalLimits.MaxSkippedKeys; i++)
            {
                (last, SessionRecord next) = SessionCipher.Encrypt(record, alice.Identity, "x"u8);
                record.Dispose();
                record = next;
            }

            alice.Stored = record.Serialize();
            Assert.Equal("x", bob.ReadText(last ?? throw new InvalidDataException()));
        }

        return bob.Record() ?? throw new InvalidDataException();
    }
}

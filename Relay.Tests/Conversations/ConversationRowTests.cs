using System.Text;
using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Conversations;

public sealed class ConversationRowTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly EnvelopeId _one = EnvelopeId.Create();
    private readonly EnvelopeId _two = EnvelopeId.Create();

    [Fact]
    public async Task An_outbound_message_comes_back()
    {
        Conversation conversation = await Conversation.CreateAsync();
        Assert.True((await conversation.InsertAsync(_one)).IsSaved);
        OutboundMessage? found = await conversation.Store.FindOutboundAsync(conversation.Key, _one, None);

        Assert.Equal((OutboundState.Committed, true, Conversation.Peer, Conversation.Callback, "message"), (found!.State, found.TellsStatus, found.To.Digits, found.CallbackData, found.EnvelopeType));
        Assert.Equal(Conversation.Message(_one).Ciphertext, found.Ciphertext);
        Assert.Null(await conversation.Store.FindOutboundAsync(conversation.Key, _two, None));
        Assert.Equal(StoreOutcome.AlreadyExists, (await conversation.InsertAsync(_one)).Outcome);
    }

    [Theory]
    [InlineData("x", "i")]
    [InlineData("i", "x")]
    [InlineData("i", "p")]
    public async Task Swapped_columns_do_not_open(string to, string from)
    {
        Conversation conversation = await Conversation.CreateAsync();
        await conversation.InsertAsync(_one);
        await conversation.OverwriteAsync(OutboundRow.RowKey(_one), to, (await conversation.RowAsync(OutboundRow.RowKey(_one))).Columns[from]);

        await Assert.ThrowsAsync<SealBrokenException>(() => conversation.Store.FindOutboundAsync(conversation.Key, _one, None));
    }

    [Fact]
    public async Task Swapped_rows_and_conversations_do_not_open()
    {
        Conversation conversation = await Conversation.CreateAsync();
        await conversation.InsertAsync(_one);
        IReadOnlyDictionary<string, object> columns = (await conversation.RowAsync(OutboundRow.RowKey(_one))).Columns;
        await conversation.OverwriteAsync(OutboundRow.RowKey(_two), columns);
        await Assert.ThrowsAsync<SealBrokenException>(() => conversation.Store.FindOutboundAsync(conversation.Key, _two, None));

        ConversationKey other = conversation.Key with { Conversation = ConversationId.Create() };
        await conversation.OverwriteAsync(OutboundRow.RowKey(_one), columns, other);
        await Assert.ThrowsAsync<SealBrokenException>(() => conversation.Store.FindOutboundAsync(other, _one, None));
    }

    [Fact]
    public async Task What_is_delivered_is_erased()
    {
        Conversation conversation = await Conversation.CreateAsync();
        await conversation.InsertAsync(_one);
        ConversationCommit commit = conversation.Store.Begin(conversation.Key, Conversation.Number);
        commit.AdvanceOutbound(_one, null, OutboundState.Delivered, erase: true);
        Assert.True((await commit.SaveAsync(None)).IsSaved);

        OutboundMessage? found = await conversation.Store.FindOutboundAsync(conversation.Key, _one, None);
        Assert.Equal((OutboundState.Delivered, null, null, Conversation.Peer), (found!.State, found.EnvelopeType, found.Ciphertext, found.To.Digits));
        TableRow row = await conversation.RowAsync(OutboundRow.RowKey(_one));
        Assert.Equal((0, 0), (row.Get<byte[]>("x").Length, row.Get<byte[]>("p").Length));
    }

    [Fact]
    public async Task A_webhook_is_pending_until_told_and_then_erased()
    {
        Conversation conversation = await Conversation.CreateAsync();
        string row = WebhookRow.InboundKey(_one);
        await conversation.InsertWebhookAsync(row);
        PendingWebhook? pending = await conversation.Store.FindWebhookAsync(conversation.Key, row, None);
        Assert.Equal((true, Conversation.Text), (pending!.IsPending, Encoding.UTF8.GetString(pending.Payload ?? [])));

        for (int i = 0; i < 3; i++)
        {
            await conversation.Store.MarkAsync(conversation.Key, [WebhookMark.Done(row)], None);
            PendingWebhook? told = await conversation.Store.FindWebhookAsync(conversation.Key, row, None);
            Assert.Equal((false, null), (told!.IsPending, told.Payload));
            Assert.Empty((await conversation.RowAsync(row)).Get<byte[]>("p"));
        }
    }

    [Fact]
    public async Task A_row_says_when_its_event_happened_and_how_far_each_subscriber_is()
    {
        Conversation conversation = await Conversation.CreateAsync();
        string row = WebhookRow.StatusKey(_one, "sent");
        await conversation.InsertAsync(_one);
        await conversation.InsertWebhookAsync(row);
        string before = (await conversation.RowAsync(row)).ETag;
        SubscriberId further = SubscriberId.Create();
        WebhookMark mark = new(row) { States = new Dictionary<SubscriberId, TellState> { [SubscriberId.App] = TellState.Told, [further] = TellState.Queued }, NotesStatus = true };
        Assert.True(await conversation.Store.MarkAsync(conversation.Key, [mark], None));

        PendingWebhook? read = await conversation.Store.FindWebhookAsync(conversation.Key, row, None);
        Assert.Equal((true, conversation.Vault.Time.GetUtcNow()), (read!.IsPending, read.At));
        Assert.Equal((TellState.Told, TellState.Queued), (read.States[SubscriberId.App], read.States[further]));
        Assert.NotNull(read.Payload);
        TableRow stored = await conversation.RowAsync(row);
        Assert.Equal((2, 1), (stored.Get<int>("s_app"), stored.Get<int>("s_" + further.Value)));
        Assert.Equal(OutboundState.Sent, (await conversation.Store.FindOutboundAsync(conversation.Key, _one, None))?.Told);
        Assert.False(await conversation.Store.MarkAsync(conversation.Key, [mark with { ETag = before }], None));
    }

    [Fact]
    public async Task A_row_of_an_earlier_version_is_read()
    {
        Conversation conversation = await Conversation.CreateAsync();
        string row = WebhookRow.InboundKey(_one);
        await conversation.InsertWebhookAsync(row);
        Dictionary<string, object> columns = new((await conversation.RowAsync(row)).Columns) { ["queued"] = true };
        columns.Remove("at");
        await conversation.OverwriteAsync(row, columns);
        PendingWebhook? old = await conversation.Store.FindWebhookAsync(conversation.Key, row, None);
        Assert.Equal((true, null, TellState.Queued), (old!.IsPending, old.At, old.States[SubscriberId.App]));
        Assert.Equal(Conversation.Text, Encoding.UTF8.GetString(old.Payload ?? []));

        // As the earlier version marks a row that it told.
        await conversation.OverwriteAsync(row, new Dictionary<string, object>(columns) { ["pending"] = false, ["p"] = Array.Empty<byte>() });
        PendingWebhook? told = await conversation.Store.FindWebhookAsync(conversation.Key, row, None);
        Assert.Equal((false, null), (told!.IsPending, told.Payload));
    }

    [Fact]
    public async Task Marking_what_is_gone_marks_the_rest_and_makes_nothing()
    {
        Conversation conversation = await Conversation.CreateAsync();
        string there = WebhookRow.InboundKey(_one);
        string gone = WebhookRow.StatusKey(_two, "delivered");
        await conversation.InsertWebhookAsync(there);
        await conversation.Store.MarkAsync(conversation.Key, [WebhookMark.Done(gone), WebhookMark.Done(there)], None);
        await conversation.Store.MarkAsync(conversation.Key, [WebhookMark.Done(gone)], None);

        Assert.False((await conversation.Store.FindWebhookAsync(conversation.Key, there, None))?.IsPending);
        Assert.Null(await conversation.Store.FindWebhookAsync(conversation.Key, gone, None));
    }

    [Fact]
    public async Task A_payload_does_not_open_in_another_row_or_conversation()
    {
        Conversation conversation = await Conversation.CreateAsync();
        string row = WebhookRow.InboundKey(_one);
        await conversation.InsertWebhookAsync(row);
        IReadOnlyDictionary<string, object> columns = (await conversation.RowAsync(row)).Columns;
        await conversation.OverwriteAsync(WebhookRow.InboundKey(_two), columns);
        await conversation.OverwriteAsync(WebhookRow.StatusKey(_one, "read"), columns);
        ConversationKey other = conversation.Key with { Conversation = ConversationId.Create() };
        await conversation.OverwriteAsync(row, columns, other);

        await Assert.ThrowsAsync<SealBrokenException>(() => conversation.Store.FindWebhookAsync(conversation.Key, WebhookRow.InboundKey(_two), None));
        await Assert.ThrowsAsync<SealBrokenException>(() => conversation.Store.FindWebhookAsync(conversation.Key, WebhookRow.StatusKey(_one, "read"), None));
        await Assert.ThrowsAsync<SealBrokenException>(() => conversation.Store.FindWebhookAsync(other, row, None));
    }

    [Fact]
    public async Task A_mark_lists_what_a_receipt_brought()
    {
        Conversation conversation = await Conversation.CreateAsync();
        string[] statuses = [WebhookRow.StatusKey(_one, "read"), WebhookRow.StatusKey(_two, "read")];
        ConversationCommit commit = conversation.Store.Begin(conversation.Key, Conversation.Number);
        commit.PutMark(WebhookRow.InboundKey(_one), new InboundMark { Tell = statuses });
        commit.PutMark(WebhookRow.InboundKey(_two), new InboundMark());
        await commit.SaveAsync(None);

        PendingWebhook? listed = await conversation.Store.FindWebhookAsync(conversation.Key, WebhookRow.InboundKey(_one), None);
        PendingWebhook? empty = await conversation.Store.FindWebhookAsync(conversation.Key, WebhookRow.InboundKey(_two), None);
        Assert.True(listed!.IsPending);
        Assert.Equal(statuses, listed.Tell);
        Assert.Equal((false, 0), (empty!.IsPending, empty.Tell.Count));
    }

    [Fact]
    public async Task All_of_a_commit_happens_or_nothing()
    {
        Conversation conversation = await Conversation.CreateAsync();
        await conversation.InsertAsync(_one);
        ConversationCommit commit = conversation.Store.Begin(conversation.Key, Conversation.Number);
        await commit.InsertWebhookAsync(WebhookRow.InboundKey(_two), [1], None);
        await commit.InsertOutboundAsync(Conversation.Message(_one), null, None);
        await commit.PutSessionAsync(SessionSlot.Empty, Conversation.Session(), "l", None);
        CommitResult result = await commit.SaveAsync(None);

        Assert.Equal(new CommitResult(StoreOutcome.AlreadyExists, OutboundRow.RowKey(_one)), result);
        Assert.Null(await conversation.Store.FindWebhookAsync(conversation.Key, WebhookRow.InboundKey(_two), None));
        Assert.Same(SessionSlot.Empty, await conversation.Store.LoadSessionAsync(conversation.Key, None));
    }

    /// <summary>Whatever was written anywhere: keys, names and values of every column.</summary>
    [Fact]
    public async Task Nothing_that_is_stored_holds_content_numbers_or_names_in_clear()
    {
        Conversation conversation = await Conversation.CreateAsync();
        TestVault vault = conversation.Vault;
        LookupStore lookup = new(vault.Tables, vault.Ring, vault.Time);
        await lookup.FindOrCreateAsync(conversation.Key.Business, Conversation.Number, TestVault.Number(Conversation.Peer), None);
        await conversation.PutSessionAsync(SessionSlot.Empty, Conversation.Session());
        await conversation.InsertAsync(_one);
        await conversation.InsertWebhookAsync(WebhookRow.InboundKey(_two));

        Assert.True(vault.Tables.Writes.Count > 5);
        foreach ((string table, string partition, TableWrite write) in vault.Tables.Writes)
        {
            string all = partition + '|' + write.RowKey + '|' + string.Join('|', write.Columns.Select(column =>
                column.Key + '=' + (column.Value is byte[] bytes ? Encoding.Latin1.GetString(bytes) : column.Value.ToString())));
            foreach (string secret in new[] { Conversation.Text, Conversation.Callback, Conversation.Peer, Conversation.Peer[2..], "\"Record\"" })
            {
                Assert.False(all.Contains(secret, StringComparison.Ordinal), $"{table} {write.RowKey} holds {secret}");
                Assert.False(all.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('='), StringComparison.Ordinal), $"{table} {write.RowKey}");
            }
        }
    }

    [Fact]
    public async Task A_rows_day_is_noted_before_the_row_is_written()
    {
        Conversation conversation = await Conversation.CreateAsync();
        await conversation.InsertAsync(_one);
        await conversation.InsertAsync(_two);
        string[] commits = [.. conversation.Vault.Tables.Calls.Where(call => call is "COMMIT expiry" or "COMMIT conversations")];

        Assert.Equal(["COMMIT expiry", "COMMIT conversations", "COMMIT conversations"], commits);
    }
}

using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Webhooks;
using Relay.Tests.Conversations;
using Xunit;

namespace Relay.Tests.Webhooks;

/// <summary>Subscribers that finish together lose no mark, and the last of them closes the row.</summary>
public sealed class TellLedgerTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly string _row = WebhookRow.InboundKey(EnvelopeId.Create());

    [Fact]
    public async Task Two_that_read_the_row_before_either_wrote_close_it_together()
    {
        (Conversation conversation, TellLedger ledger, Subscription[] both) = await StartAsync(2);
        PendingWebhook? seen = await conversation.Store.FindWebhookAsync(conversation.Key, _row, None);
        await ledger.AddAsync(conversation.Key, seen, _row, State(both[0], TellState.Told), both, false, None);
        Assert.True((await conversation.RowAsync(_row)).Get<bool>("pending"));
        await ledger.AddAsync(conversation.Key, seen, _row, State(both[1], TellState.Told), both, false, None);

        await AssertClosedAsync(conversation, both, erased: true);
    }

    [Fact]
    public async Task Sixteen_at_once_close_the_row_every_time()
    {
        for (int round = 0; round < 20; round++)
        {
            (Conversation conversation, TellLedger ledger, Subscription[] all) = await StartAsync(16);
            await Parallel.ForEachAsync(all.Chunk(4), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (some, token) =>
            {
                await Task.Yield();
                PendingWebhook? seen = await conversation.Store.FindWebhookAsync(conversation.Key, _row, token);
                foreach (Subscription one in some)
                {
                    await ledger.AddAsync(conversation.Key, seen, _row, State(one, TellState.Told), all, false, token);
                }
            });
            await AssertClosedAsync(conversation, all, erased: true);
        }
    }

    [Fact]
    public async Task A_late_note_that_one_is_queued_takes_back_nothing()
    {
        (Conversation conversation, TellLedger ledger, Subscription[] both) = await StartAsync(2);
        PendingWebhook? seen = await conversation.Store.FindWebhookAsync(conversation.Key, _row, None);
        await ledger.AddAsync(conversation.Key, null, _row, State(both[1], TellState.Told), both, false, None);
        Dictionary<SubscriberId, TellState> late = new() { [both[0].Id] = TellState.Told, [both[1].Id] = TellState.Queued };
        await ledger.AddAsync(conversation.Key, seen, _row, late, both, false, None);

        await AssertClosedAsync(conversation, both, erased: true);
    }

    [Fact]
    public async Task What_one_was_not_told_keeps_its_payload_though_the_row_is_done_with()
    {
        (Conversation conversation, TellLedger ledger, Subscription[] both) = await StartAsync(2);
        await ledger.AddAsync(conversation.Key, null, _row, State(both[0], TellState.GivenUp), both, false, None);
        await ledger.AddAsync(conversation.Key, null, _row, State(both[1], TellState.Told), both, false, None);
        PendingWebhook? closed = await conversation.Store.FindWebhookAsync(conversation.Key, _row, None);
        Assert.Equal((false, true), (closed!.IsPending, closed.Payload is not null));

        Assert.True(await ledger.ReopenAsync(conversation.Key, closed, _row, [both[0]], None));
        await ledger.AddAsync(conversation.Key, null, _row, State(both[0], TellState.Told), both, false, None);
        await AssertClosedAsync(conversation, both, erased: true);
    }

    [Fact]
    public async Task A_row_that_is_gone_needs_no_mark()
    {
        (Conversation conversation, TellLedger ledger, Subscription[] both) = await StartAsync(2);
        await conversation.Vault.Tables.CommitAsync(TableNames.Conversations, conversation.Key.Partition, [TableWrite.Delete(_row, null)], None);
        await ledger.AddAsync(conversation.Key, null, _row, State(both[0], TellState.Told), both, false, None);
        Assert.False(await ledger.ReopenAsync(conversation.Key, null, _row, both, None));
        Assert.Null(await conversation.Store.FindWebhookAsync(conversation.Key, _row, None));
    }

    [Fact]
    public void What_any_route_of_the_callback_was_told_counts_for_all_of_them()
    {
        Dictionary<SubscriberId, TellState> states = new() { [SubscriberId.App] = TellState.Told };
        SubscriberId number = SubscriberId.OfNumber(PhoneNumberId.Parse("2002"));
        Assert.Equal(TellState.Told, TellLedger.StateOf(states, number));
        Assert.Null(TellLedger.StateOf(states, SubscriberId.Create()));
        Assert.False(TellLedger.IsDone(states, []));
    }

    private static Dictionary<SubscriberId, TellState> State(Subscription one, TellState state) => new() { [one.Id] = state };

    private async Task<(Conversation, TellLedger, Subscription[])> StartAsync(int subscribers)
    {
        Conversation conversation = await Conversation.CreateAsync();
        await conversation.InsertWebhookAsync(_row);
        Subscription[] all = [.. Enumerable.Range(0, subscribers).Select(_ => new Subscription(new Uri("https://example.org/"), new Secret("t")) { Id = SubscriberId.Create() })];
        return (conversation, new TellLedger(conversation.Store, conversation.Accounts, conversation.Vault.Time), all);
    }

    private async Task AssertClosedAsync(Conversation conversation, Subscription[] all, bool erased)
    {
        PendingWebhook? row = await conversation.Store.FindWebhookAsync(conversation.Key, _row, None);
        Assert.Equal((false, erased), (row!.IsPending, row.Payload is null));
        Assert.All(all, one => Assert.True(row.States[one.Id] is TellState.Told or TellState.GivenUp));
    }
}

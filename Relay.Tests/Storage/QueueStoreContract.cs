using System.Globalization;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Storage;

/// <summary>The promises of <see cref="IQueueStore"/>. Every tier keeps all of them; where a real server's clock counts, tests poll.</summary>
public abstract class QueueStoreContract : IAsyncLifetime
{
    private const string OnlyManual = "Would take minutes of a real server's time.";

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private IQueueStore? _store;

    protected string Queue { get; } = "q" + Guid.NewGuid().ToString("N");

    private IQueueStore Store => _store ?? throw new InvalidOperationException("Not opened.");

    public async Task InitializeAsync()
    {
        _store = await OpenAsync();
        await _store.EnsureQueuesAsync([Queue], None);
    }

    public virtual Task DisposeAsync() => Task.CompletedTask;

    protected abstract Task<IQueueStore> OpenAsync();

    protected abstract Task PassAsync(TimeSpan time);

    [StorageFact]
    public async Task An_empty_queue_gives_nothing()
    {
        Assert.Empty(await ReceiveAsync(Minute));
        Assert.Equal(0, await Store.CountAsync(Queue, None));
    }

    [StorageFact]
    public async Task A_message_is_taken_once_while_it_is_hidden()
    {
        await SendAsync("hello");
        QueueItem item = Assert.Single(await ReceiveAsync(Minute));
        Assert.Equal(("hello", 1L), (item.Body, item.DequeueCount));
        Assert.Empty(await ReceiveAsync(Minute));
        Assert.Equal(1, await Store.CountAsync(Queue, None));
    }

    [StorageFact]
    public async Task A_deleted_message_is_gone_for_good()
    {
        await SendAsync("hello");
        QueueItem item = Assert.Single(await ReceiveAsync(Second));
        Assert.True(await Store.DeleteAsync(Queue, item, None));
        Assert.False(await Store.DeleteAsync(Queue, item, None));
        Assert.Null(await Store.HideAsync(Queue, item, Second, None));
        Assert.Equal(0, await Store.CountAsync(Queue, None));
        await PassAsync(Second);
        Assert.Empty(await ReceiveAsync(Second));
    }

    [StorageFact]
    public async Task A_message_that_was_not_deleted_comes_again_and_its_old_receipt_is_void()
    {
        await SendAsync("hello");
        QueueItem first = Assert.Single(await ReceiveAsync(Second));
        QueueItem second = await EventuallyAsync(Minute);
        Assert.Equal((first.Id, first.Body, 2L), (second.Id, second.Body, second.DequeueCount));
        Assert.NotEqual(first.Receipt, second.Receipt);
        Assert.False(await Store.DeleteAsync(Queue, first, None));
        Assert.Null(await Store.HideAsync(Queue, first, Second, None));
        Assert.True(await Store.DeleteAsync(Queue, second, None));
    }

    [StorageFact]
    public async Task A_receipt_is_good_past_its_time_while_nobody_else_took_the_message()
    {
        await SendAsync("hello");
        QueueItem item = Assert.Single(await ReceiveAsync(Second));
        await PassAsync(Second * 1.1);
        Assert.True(await Store.DeleteAsync(Queue, item, None));
    }

    [StorageFact]
    public async Task Hiding_gives_a_new_receipt_and_keeps_body_and_count()
    {
        const string Body = "{\"text\":\"keep <me> & 'this'\"}";
        await SendAsync(Body);
        QueueItem taken = Assert.Single(await ReceiveAsync(Minute));
        QueueItem? hidden = await Store.HideAsync(Queue, taken, TimeSpan.Zero, None);
        Assert.NotNull(hidden);
        Assert.Equal((taken.Id, Body, 1L), (hidden.Id, hidden.Body, hidden.DequeueCount));
        Assert.NotEqual(taken.Receipt, hidden.Receipt);
        Assert.False(await Store.DeleteAsync(Queue, taken, None));

        QueueItem again = await EventuallyAsync(Minute);
        Assert.Equal((Body, 2L), (again.Body, again.DequeueCount));
    }

    [StorageFact]
    public async Task A_hidden_message_can_be_held_longer()
    {
        await SendAsync("hello");
        QueueItem taken = Assert.Single(await ReceiveAsync(Second));
        QueueItem? held = await Store.HideAsync(Queue, taken, Minute, None);
        Assert.NotNull(held);
        await PassAsync(Second * 1.1);
        Assert.Empty(await ReceiveAsync(Second));
        Assert.True(await Store.DeleteAsync(Queue, held, None));
    }

    [StorageFact]
    public async Task A_delayed_message_is_counted_and_appears_later()
    {
        await Store.SendAsync(Queue, "later", Second, Day, None);
        Assert.Empty(await ReceiveAsync(Minute));
        Assert.Equal(1, await Store.CountAsync(Queue, None));
        Assert.Equal("later", (await EventuallyAsync(Minute)).Body);
    }

    [StorageFact]
    public async Task A_message_ends_with_its_life()
    {
        await Store.SendAsync(Queue, "short", TimeSpan.Zero, Second, None);
        await PassAsync(Second * 1.2);
        Assert.Empty(await ReceiveAsync(Minute));
    }

    [StorageFact(OnlyWithManualTime = OnlyManual)]
    public async Task A_taken_message_ends_with_its_life_too()
    {
        await Store.SendAsync(Queue, "short", TimeSpan.Zero, Minute, None);
        QueueItem item = Assert.Single(await ReceiveAsync(Minute / 2));
        await PassAsync(Minute);
        Assert.Equal(0, await Store.CountAsync(Queue, None));
        Assert.False(await Store.DeleteAsync(Queue, item, None));
    }

    [StorageFact(OnlyWithManualTime = OnlyManual)]
    public async Task Visibility_ends_at_its_second_and_not_before()
    {
        await Store.SendAsync(Queue, "a", Minute, Day, None);
        await PassAsync(Minute - TimeSpan.FromTicks(1));
        Assert.Empty(await ReceiveAsync(Minute));
        await PassAsync(TimeSpan.FromTicks(1));
        Assert.Single(await ReceiveAsync(Minute));
        await PassAsync(Minute - TimeSpan.FromTicks(1));
        Assert.Empty(await ReceiveAsync(Minute));
        await PassAsync(TimeSpan.FromTicks(1));
        Assert.Single(await ReceiveAsync(Minute));
    }

    [StorageFact]
    public async Task A_body_of_64_KiB_survives()
    {
        string body = new('x', QueueLimits.MaxBodyBytes);
        await SendAsync(body);
        Assert.Equal(body, Assert.Single(await ReceiveAsync(Minute)).Body);
        await Assert.ThrowsAsync<ArgumentException>(() => SendAsync(body + "x"));
        await Assert.ThrowsAsync<ArgumentException>(() => SendAsync(new string('ü', (QueueLimits.MaxBodyBytes / 2) + 1)));
    }

    [StorageFact]
    public async Task Any_text_that_is_accepted_survives()
    {
        const string Body = " {\"a\":\"<b>&amp;]]> é 漢 🎈 \u007F\"}\n\ttrailing ";
        await SendAsync(Body);
        Assert.Equal(Body, Assert.Single(await ReceiveAsync(Minute)).Body);
        foreach (string bad in new[] { "", "a\rb", "a\0b", "\u0001", "\uD800", "\uDC00x", "\uFFFF" })
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => SendAsync(bad));
        }
    }

    [StorageFact]
    public async Task Times_outside_the_limits_are_refused()
    {
        QueueItem item = new("id", "receipt", "body", 1);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.SendAsync(Queue, "a", -Second, Day, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.SendAsync(Queue, "a", QueueLimits.MaxDelay + Second, Day * 30, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.SendAsync(Queue, "a", Day, Day, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.SendAsync(Queue, "a", TimeSpan.Zero, TimeSpan.Zero, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => ReceiveAsync(TimeSpan.Zero));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ReceiveAsync(Queue, 33, Second, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ReceiveAsync(Queue, 0, Second, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.HideAsync(Queue, item, QueueLimits.MaxDelay + Second, None));
    }

    [StorageFact]
    public async Task The_longest_delay_and_life_are_accepted()
    {
        await Store.SendAsync(Queue, "a", QueueLimits.MaxDelay, QueueLimits.MaxDelay + Day, None);
        Assert.Equal(1, await Store.CountAsync(Queue, None));
    }

    [StorageFact]
    public async Task An_unknown_queue_is_a_fault()
    {
        QueueItem item = new("id", "receipt", "body", 1);
        await Assert.ThrowsAsync<StorageFaultException>(() => Store.SendAsync("unknown", "a", TimeSpan.Zero, Day, None));
        await Assert.ThrowsAsync<StorageFaultException>(() => Store.ReceiveAsync("unknown", 1, Second, None));
        await Assert.ThrowsAsync<StorageFaultException>(() => Store.DeleteAsync("unknown", item, None));
        await Assert.ThrowsAsync<StorageFaultException>(() => Store.HideAsync("unknown", item, Second, None));
        await Assert.ThrowsAsync<StorageFaultException>(() => Store.CountAsync("unknown", None));
    }

    [StorageFact]
    public async Task Many_callers_take_each_message_once()
    {
        string[] bodies = [.. Enumerable.Range(0, 100).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        ParallelOptions together = new() { MaxDegreeOfParallelism = 16 };
        await Parallel.ForEachAsync(bodies, together, async (body, _) => await SendAsync(body));
        List<string> taken = [];
        await Parallel.ForEachAsync(Enumerable.Range(0, 16), together, async (_, _) =>
        {
            while (await Store.ReceiveAsync(Queue, 7, Minute, None) is { Count: > 0 } items)
            {
                foreach (QueueItem item in items)
                {
                    Assert.True(await Store.DeleteAsync(Queue, item, None));
                    lock (taken)
                    {
                        taken.Add(item.Body);
                    }
                }
            }
        });

        Assert.Equal(bodies.Order(StringComparer.Ordinal), taken.Order(StringComparer.Ordinal));
        Assert.Equal(0, await Store.CountAsync(Queue, None));
    }

    [StorageFact]
    public async Task Ensure_may_be_repeated_and_keeps_what_is_there()
    {
        await SendAsync("hello");
        await Store.EnsureQueuesAsync([Queue], None);
        Assert.Equal(1, await Store.CountAsync(Queue, None));
    }

    private Task SendAsync(string body) => Store.SendAsync(Queue, body, TimeSpan.Zero, Day, None);

    private Task<IReadOnlyList<QueueItem>> ReceiveAsync(TimeSpan visibility) =>
        Store.ReceiveAsync(Queue, QueueLimits.MaxReceive, visibility, None);

    /// <summary>Asks until a message is there, for at most 3 s of the store's time.</summary>
    private async Task<QueueItem> EventuallyAsync(TimeSpan visibility)
    {
        IReadOnlyList<QueueItem> items = await ReceiveAsync(visibility);
        for (int attempt = 0; items.Count == 0 && attempt < 15; attempt++)
        {
            await PassAsync(TimeSpan.FromMilliseconds(200));
            items = await ReceiveAsync(visibility);
        }

        return Assert.Single(items);
    }
}

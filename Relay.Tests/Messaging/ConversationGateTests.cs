using System.Collections;
using System.Reflection;
using Relay.Shared.Conversations;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Xunit;

namespace Relay.Tests.Messaging;

public sealed class ConversationGateTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly ConversationGate _gate = new();
    private readonly ConversationKey _key = new(BusinessId.Parse("1"), ConversationId.Create());

    [Fact]
    public async Task One_at_a_time_and_all_get_their_turn()
    {
        int inside = 0;
        int most = 0;
        int done = 0;
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            using IDisposable turn = await _gate.EnterAsync(_key, None);
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            Interlocked.Increment(ref done);
        }));

        Assert.Equal((1, 50, 0), (most, done, Entries));
    }

    [Fact]
    public async Task Other_conversations_do_not_wait()
    {
        using IDisposable mine = await _gate.EnterAsync(_key, None);
        using IDisposable other = await _gate.EnterAsync(_key with { Conversation = ConversationId.Create() }, None);
        using IDisposable tenant = await _gate.EnterAsync(_key with { Business = BusinessId.Parse("2") }, None);

        Assert.Equal(3, Entries);
    }

    [Fact]
    public async Task Who_gives_up_leaves_nothing_behind_and_blocks_nobody()
    {
        IDisposable first = await _gate.EnterAsync(_key, None);
        using CancellationTokenSource impatient = new();
        Task<IDisposable> second = _gate.EnterAsync(_key, impatient.Token);
        Task<IDisposable> third = _gate.EnterAsync(_key, None);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(third.IsCompleted);

        first.Dispose();
        (await third).Dispose();
        Assert.Equal(0, Entries);
    }

    [Fact]
    public async Task Who_comes_cancelled_leaves_nothing_behind()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _gate.EnterAsync(_key, new CancellationToken(canceled: true)));
        Assert.Equal(0, Entries);
    }

    [Fact]
    public async Task Leaving_twice_lets_one_in()
    {
        IDisposable first = await _gate.EnterAsync(_key, None);
        Task<IDisposable> second = _gate.EnterAsync(_key, None);
        Task<IDisposable> third = _gate.EnterAsync(_key, None);
        first.Dispose();
        first.Dispose();

        using (await second)
        {
            Assert.False(third.IsCompleted);
        }

        (await third).Dispose();
        Assert.Equal(0, Entries);
    }

    private int Entries => ((IDictionary)typeof(ConversationGate).GetField("_entries", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(_gate)!).Count;
}

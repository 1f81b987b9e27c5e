using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Storage;

/// <summary>The crash tests rest on this decorator, so it is shown to do what it says.</summary>
public sealed class FaultPlanTests
{
    private const string Table = "things";
    private const string Queue = "work";

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly MemoryTableStore _tables = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Every_call_is_numbered_and_named()
    {
        MemoryQueueStore queues = new(_time);
        FaultPlan plan = FaultPlan.Nothing();
        FaultyTableStore table = await FaultyAsync(plan);
        FaultyQueueStore queue = new(queues, plan, "transport");
        await queue.EnsureQueuesAsync([Queue], None);

        await table.GetAsync(Table, "p", "r", None);
        await table.CommitAsync(Table, "p", [Insert("r"), TableWrite.Upsert("s", Columns.Of("A", 1))], None);
        Assert.Equal(2, (await table.QueryAsync(Table, TableRange.Partition("p", 10), None).ToListAsync()).Count);
        await queue.SendAsync(Queue, "hello", TimeSpan.Zero, TimeSpan.FromDays(1), None);
        QueueItem item = Assert.Single(await queue.ReceiveAsync(Queue, 1, TimeSpan.FromMinutes(1), None));
        QueueItem? hidden = await queue.HideAsync(Queue, item, TimeSpan.FromMinutes(1), None);
        Assert.NotNull(hidden);
        Assert.True(await queue.DeleteAsync(Queue, hidden, None));
        Assert.Equal(0, await queue.CountAsync(Queue, None));
        await plan.StepAsync("relay", "http:send", "/v1/messages", "", () => Task.CompletedTask);

        Assert.Equal(
            [
                "#0 relay table:get things", "#1 relay table:commit things Insert+Upsert", "#2 relay table:query things",
                "#3 transport queue:send work", "#4 transport queue:receive work", "#5 transport queue:hide work",
                "#6 transport queue:delete work", "#7 transport queue:count work", "#8 relay http:send /v1/messages",
            ],
            plan.Calls.Select(call => call.ToString()));
        Assert.Empty(plan.Struck);
    }

    [Theory]
    [InlineData(Fault.CrashBefore, false, true)]
    [InlineData(Fault.CrashAfter, true, true)]
    [InlineData(Fault.RequestLost, false, false)]
    [InlineData(Fault.ReplyLost, true, false)]
    [InlineData(Fault.LandsLate, false, false)]
    public async Task A_fault_does_or_does_not_do_the_call(Fault fault, bool isDone, bool isCrash)
    {
        FaultPlan plan = FaultPlan.At(1, fault);
        FaultyTableStore store = await FaultyAsync(plan);
        await store.CommitAsync(Table, "p", [Insert("first")], None);
        Exception thrown = await Assert.ThrowsAnyAsync<Exception>(() => store.CommitAsync(Table, "p", [Insert("second")], None));

        Assert.Equal(isCrash, thrown is SimulatedCrashException);
        Assert.Equal(!isCrash, thrown is StorageFaultException);
        Assert.Equal(isDone, await IsThereAsync("second"));
        Assert.Equal(1, Assert.Single(plan.Struck).Number);
    }

    [Fact]
    public async Task A_dead_process_can_do_nothing_until_it_starts_again()
    {
        FaultPlan plan = FaultPlan.At(0, Fault.CrashBefore);
        FaultyTableStore relay = await FaultyAsync(plan);
        FaultyTableStore transport = new(_tables, plan, "transport");
        await Assert.ThrowsAsync<SimulatedCrashException>(() => relay.GetAsync(Table, "p", "r", None));

        await Assert.ThrowsAsync<SimulatedCrashException>(() => relay.CommitAsync(Table, "p", [Insert("r")], None));
        await Assert.ThrowsAsync<SimulatedCrashException>(() => plan.StepAsync("relay", "http:send", "x", "", () => Task.CompletedTask));
        Assert.False(await IsThereAsync("r"));
        Assert.Null(await transport.GetAsync(Table, "p", "r", None));

        plan.Restart("relay");
        Assert.True((await relay.CommitAsync(Table, "p", [Insert("r")], None)).IsSaved);
        Assert.Equal(3, plan.Calls.Count);
    }

    [Fact]
    public async Task A_late_write_lands_when_told_with_the_bytes_it_was_sent_with()
    {
        FaultPlan plan = FaultPlan.At(0, Fault.LandsLate);
        FaultyTableStore store = await FaultyAsync(plan);
        byte[] bytes = [1, 2, 3];
        await Assert.ThrowsAsync<StorageFaultException>(() => store.CommitAsync(Table, "p", [TableWrite.Insert("r", Columns.Of("Bytes", bytes))], None));
        Array.Clear(bytes);
        Assert.False(await IsThereAsync("r"));

        await plan.LandLateAsync();
        TableRow? row = await _tables.GetAsync(Table, "p", "r", None);
        Assert.NotNull(row);
        Assert.Equal(new byte[] { 1, 2, 3 }, row.Get<byte[]>("Bytes"));

        await _tables.CommitAsync(Table, "p", [TableWrite.Delete("r", null)], None);
        await plan.LandLateAsync();
        Assert.False(await IsThereAsync("r"));
    }

    [Fact]
    public async Task A_late_write_may_lose_its_race_without_anybody_hearing()
    {
        FaultPlan plan = FaultPlan.At(0, Fault.LandsLate);
        FaultyTableStore store = await FaultyAsync(plan);
        await Assert.ThrowsAsync<StorageFaultException>(() => store.CommitAsync(Table, "p", [Insert("r")], None));
        Assert.True((await store.CommitAsync(Table, "p", [Insert("r")], None)).IsSaved);
        await plan.LandLateAsync();
        Assert.True(await IsThereAsync("r"));
    }

    [Fact]
    public async Task A_sweep_covers_every_call_and_also_those_of_the_recovery()
    {
        int runs = 0;
        IReadOnlySet<string> covered = await FaultSweep.RunAsync(async plan =>
        {
            runs++;
            MemoryTableStore tables = new();
            FaultyTableStore store = new(tables, plan, "relay");
            await store.EnsureTablesAsync([Table, "repairs"], None);
            await RepeatAsync(plan, async isRepeat =>
            {
                if (isRepeat)
                {
                    await store.GetAsync("repairs", "p", "r", None);
                }

                CommitResult result = await store.CommitAsync(Table, "p", [Insert("r")], None);
                Assert.Contains(result.Outcome, new[] { StoreOutcome.Saved, StoreOutcome.AlreadyExists });
            });
            Assert.NotNull(await tables.GetAsync(Table, "p", "r", None));
        });

        // One call without a fault, for each fault: struck at call 0, and the run that ends the loop.
        Assert.Equal(Enum.GetValues<Fault>().Length * 2, runs);
        Assert.Equal(["relay table:commit things"], covered);
    }

    [Fact]
    public async Task A_sweep_finds_the_call_that_may_not_be_repeated()
    {
        InvalidOperationException found = await Assert.ThrowsAsync<InvalidOperationException>(() => FaultSweep.RunAsync(async plan =>
        {
            MemoryTableStore tables = new();
            FaultyTableStore store = new(tables, plan, "relay");
            await store.EnsureTablesAsync([Table], None);
            await RepeatAsync(plan, async _ => Assert.True((await store.CommitAsync(Table, "p", [Insert("r")], None)).IsSaved));
        }));
        Assert.StartsWith("Failed with ReplyLost at #0 relay table:commit things Insert.", found.Message, StringComparison.Ordinal);
    }

    private static async Task RepeatAsync(FaultPlan plan, Func<bool, Task> work)
    {
        for (bool isRepeat = false, isDone = false; !isDone; isRepeat = true)
        {
            try
            {
                await work(isRepeat);
                isDone = true;
            }
            catch (Exception e) when (e is SimulatedCrashException or StorageFaultException)
            {
                plan.Restart();
                await plan.LandLateAsync();
            }
        }
    }

    private static TableWrite Insert(string rowKey) => TableWrite.Insert(rowKey, Columns.Of("A", 1));

    private async Task<FaultyTableStore> FaultyAsync(FaultPlan plan)
    {
        FaultyTableStore store = new(_tables, plan, "relay");
        await store.EnsureTablesAsync([Table], None);
        return store;
    }

    private async Task<bool> IsThereAsync(string rowKey) => await _tables.GetAsync(Table, "p", rowKey, None) is not null;
}

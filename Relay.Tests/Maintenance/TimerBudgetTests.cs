using System.Globalization;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Maintenance;

/// <summary>Storage is slow and there is much to do: a timer ends by itself within the five minutes that the host gives it, and its next runs finish.</summary>
public sealed class TimerBudgetTests
{
    private static readonly TimeSpan HostsLimit = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Dead_conversations()
    {
        await using Slow slow = await Slow.StartAsync(TimeSpan.FromMilliseconds(200));
        string day = UtcDay.Today(slow.World.Time).Key;
        for (int i = 0; i < 1_500; i++)
        {
            string partition = $"{slow.World.Business.Id}-{i.ToString("x32", CultureInfo.InvariantCulture)}";
            await slow.PutAsync(TableNames.Conversations, partition, "R:0000000000000000", new() { ["day"] = day });
            await slow.PutAsync(TableNames.Expiry, $"{day}-0", partition, new() { ["number"] = slow.World.Business.PhoneNumberId });
        }

        slow.World.Time.Advance(TimeSpan.FromDays(30));
        Assert.InRange(await slow.RunsAsync("DeleteExpired", () => slow.Count(TableNames.Conversations)), 2, 10);
    }

    [Fact]
    public async Task Past_idempotency_keys()
    {
        await using Slow slow = await Slow.StartAsync(TimeSpan.FromSeconds(1));
        for (int i = 0; i < 40_000; i++)
        {
            await slow.PutAsync(TableNames.Idempotency, slow.World.Business.Id, $"20260101-{i.ToString("x64", CultureInfo.InvariantCulture)}", []);
        }

        Assert.InRange(await slow.RunsAsync("DeleteExpired", () => slow.Count(TableNames.Idempotency)), 2, 10);
    }

    [Fact]
    public async Task Keys_to_wrap_anew()
    {
        await using Slow slow = await Slow.StartAsync(TimeSpan.FromSeconds(1));
        await slow.AddBusinessesAsync(300);
        await slow.RunAsync("RotateKeys");
        Assert.True(slow.Spent > TimeSpan.FromMinutes(3), "All was done at once: this shows nothing.");
    }

    /// <summary>Keys of all businesses go whatever it takes; what follows has the time that is left.</summary>
    [Theory]
    [InlineData(TableNames.Receipts)]
    [InlineData(TableNames.Parked)]
    public async Task Receipts_and_parked_items_of_many_businesses(string table)
    {
        await using Slow slow = await Slow.StartAsync(TimeSpan.FromSeconds(1), call => call.Target == table);
        await slow.AddBusinessesAsync(400);
        await slow.RunAsync("DeleteExpired");
        Assert.True(slow.Spent > TimeSpan.FromMinutes(3), "All was done at once: this shows nothing.");
    }

    private sealed class Slow : IAsyncDisposable
    {
        private bool _isSlow;

        public PairWorld World { get; private init; } = null!;

        /// <summary>By the last run.</summary>
        public TimeSpan Spent { get; private set; }

        public static async Task<Slow> StartAsync(TimeSpan perCall, Func<FaultyCall, bool>? which = null)
        {
            Slow? slow = null;
            FaultPlan plan = new(call =>
            {
                if (slow is { _isSlow: true } && which?.Invoke(call) != false)
                {
                    slow.World.Time.Advance(perCall);
                }

                return null;
            });
            return slow = new Slow { World = await PairWorld.StartAsync(PreparedPair.Strangers, plan) };
        }

        public async Task AddBusinessesAsync(int count)
        {
            for (int i = 0; i < count; i++)
            {
                await PutAsync(TableNames.Businesses, "all", (900_000_000_000_000 + i).ToString(CultureInfo.InvariantCulture), []);
            }
        }

        public Task<CommitResult> PutAsync(string table, string partition, string row, Dictionary<string, object> columns) =>
            World.Relay.Tables.CommitAsync(table, partition, [TableWrite.Insert(row, columns)], CancellationToken.None);

        public int Count(string table) => World.Relay.Rows(table).Count();

        public async Task RunAsync(string timer)
        {
            DateTimeOffset start = World.Time.GetUtcNow();
            _isSlow = true;
            await World.TimerAsync(timer);
            _isSlow = false;
            Spent = World.Time.GetUtcNow() - start;
            Assert.InRange(Spent, TimeSpan.Zero, HostsLimit);
        }

        /// <summary>How many runs it takes until nothing is left.</summary>
        public async Task<int> RunsAsync(string timer, Func<int> left)
        {
            int runs = 0;
            for (int before = left(); before > 0; before = left())
            {
                await RunAsync(timer);
                Assert.True(left() < before);
                runs++;
            }

            return runs;
        }

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }
}

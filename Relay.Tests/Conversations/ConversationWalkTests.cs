using Microsoft.Extensions.Logging.Abstractions;
using Relay.Shared.Analytics;
using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Walking;
using Relay.Shared.Primitives;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Conversations;

/// <summary>A walk meets every wanted row once, in whatever steps it is made.</summary>
public sealed class ConversationWalkTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly BusinessId Tenant = BusinessId.Parse(TestVault.Tenant);
    private static readonly PhoneNumberId Other = PhoneNumberId.Parse("3003");

    [Theory]
    [InlineData(20, 1, 1)]
    [InlineData(40, 7, -1)]
    [InlineData(10_000, 10_000, -1)]
    [InlineData(10_000, 3, 1)]
    public async Task What_was_there_is_met_once_in_order_of_days(int budget, int rowsPerStep, int step)
    {
        World world = await World.CreateAsync();
        List<string> expected = [];
        for (int day = 0; day < 3; day++)
        {
            for (int i = 0; i < 12; i++)
            {
                expected.AddRange(await world.PutAsync(i % 3 == 0 ? world.Steady : NewKey(), Conversation.Number, 4));
                await world.PutAsync(NewKey(), Other, 3);
                await world.PutAsync(new ConversationKey(BusinessId.Parse("77"), ConversationId.Create()), Conversation.Number, 3);
            }

            world.Vault.Time.Advance(TimeSpan.FromDays(1));
        }

        UtcDay last = UtcDay.Today(world.Vault.Time).AddDays(-1);
        UtcDay first = last.AddDays(-2);
        (UtcDay from, UtcDay to) = step > 0 ? (first, last) : (last, first);
        WalkPlan plan = World.Plan(to, step);
        (List<WalkedRow> met, _) = await WalkAsync(WalkPosition.StartOf(from), plan, rowsPerStep, at => world.Walks.Start(plan, at, new WalkBudget(budget)));
        WalkPlan backwards = World.Plan(from, -step);
        WalkPosition end = WalkPosition.EndOfShard(to, ExpiryIndex.Shards - 1);
        (List<WalkedRow> back, _) = await WalkAsync(end, backwards, rowsPerStep, at => world.Walks.Back(backwards, at, new WalkBudget(budget)));
        Assert.Equal(met.Select(row => row.ToString()).Reverse(), back.Select(row => row.ToString()));

        // From the middle, what lies before it and no more.
        (List<WalkedRow> some, WalkPosition middle) = await WalkAsync(
            WalkPosition.StartOf(from), plan, 31, at => world.Walks.Start(plan, at, new WalkBudget(10_000)), steps: 1);
        (back, _) = await WalkAsync(middle, backwards, rowsPerStep, at => world.Walks.Back(backwards, at, new WalkBudget(budget)));
        Assert.Equal(some.SkipLast(1).Select(row => row.ToString()).Reverse(), back.Select(row => row.ToString()));

        Assert.Equal(expected.Order(), met.Select(row => row.ToString()).Order());
        Assert.Equal(step > 0 ? met.Select(row => row.Day).Order() : met.Select(row => row.Day).OrderDescending(), met.Select(row => row.Day));
    }

    [Fact]
    public async Task A_conversation_of_many_rows_is_read_in_slices()
    {
        World world = await World.CreateAsync();
        List<string> expected = [];
        for (int i = 0; i < 13; i++)
        {
            expected.AddRange(await world.PutAsync(world.Steady, Conversation.Number, 50));
        }

        UtcDay today = world.Vault.Today;
        ConversationWalk walk = world.Walks.Start(World.Plan(today, -1), WalkPosition.StartOf(today), new WalkBudget(1_000));
        List<string> met = [];
        while (await walk.NextAsync(None) is { } row)
        {
            met.Add(row.ToString());
        }

        Assert.True(walk.IsDone);
        Assert.Equal(expected.Order(StringComparer.Ordinal), met);

        WalkBudget budget = new(1_000);
        BackwardWalk back = world.Walks.Back(World.Plan(today, 1), WalkPosition.EndOfShard(today, ExpiryIndex.Shards - 1), budget);
        while (await back.NextAsync(None) is { } row)
        {
            Assert.Equal(met[^1], row.ToString());
            met.RemoveAt(met.Count - 1);
        }

        Assert.Empty(met);
        Assert.InRange(budget.Left, 850, 999);
    }

    [Fact]
    public async Task Silent_days_are_remembered_once_they_are_past()
    {
        World world = await World.CreateAsync();
        UtcDay today = world.Vault.Today;
        WalkPlan plan = World.Plan(today.AddDays(-9), -1);
        Assert.Null(await world.Walks.Start(plan, WalkPosition.StartOf(today), new WalkBudget(1_000)).NextAsync(None));
        WalkBudget second = new(1_000);
        Assert.Null(await world.Walks.Start(plan, WalkPosition.StartOf(today), second).NextAsync(None));
        Assert.Equal(1_000 - (2 * 16), second.Left);
    }

    [Theory]
    [InlineData("")]
    [InlineData("20260302.0.00000000000000000000000000000000")]
    [InlineData("20260302.16.00000000000000000000000000000000.")]
    [InlineData("20260302.-1.00000000000000000000000000000000.")]
    [InlineData("20261302.0.00000000000000000000000000000000.")]
    [InlineData("20260302.0.0000000000000000000000000000000g.")]
    [InlineData("20260302.0.00000000000000000000000000000000.S")]
    [InlineData("20260302.0.00000000000000000000000000000000.O:xyz")]
    [InlineData("20260302.0.00000000000000000000000000000000.R:1.2")]
    public void What_is_no_position_is_none(string text) => Assert.False(WalkPosition.TryParse(text, out _));

    private static async Task<(List<WalkedRow> Met, WalkPosition End)> WalkAsync(
        WalkPosition position, WalkPlan plan, int rowsPerStep, Func<WalkPosition, ConversationWalk> start, int steps = int.MaxValue)
    {
        List<WalkedRow> met = [];
        for (int done = 0; plan.Covers(position.Day) && done < steps; done++)
        {
            Assert.True(done < 5_000, "The walk doesn't end.");
            ConversationWalk walk = start(position);
            for (int i = 0; i < rowsPerStep && await walk.NextAsync(None) is { } row; i++)
            {
                met.Add(row);
            }

            Assert.NotEqual(position, walk.Position);
            Assert.True(WalkPosition.TryParse(walk.Position.Encode(), out position));
        }

        return (met, position);
    }

    private static ConversationKey NewKey() => new(Tenant, ConversationId.Create());

    private sealed class World
    {
        private World(TestVault vault)
        {
            Vault = vault;
            ExpiryIndex expiry = new(vault.Tables, vault.Time);
            MessageCounts counts = new(new CountStore(vault.Tables), vault.Time, NullLogger<MessageCounts>.Instance);
            Store = new ConversationStore(vault.Tables, vault.Sealer, expiry, new DueIndex(vault.Tables, new NoOwnRetention(), vault.Time), counts, vault.Time, new StampEra(1));
            Walks = new ConversationWalks(vault.Tables, expiry, Store);
        }

        public TestVault Vault { get; }

        public ConversationStore Store { get; }

        public ConversationWalks Walks { get; }

        public ConversationKey Steady { get; } = NewKey();

        public static async Task<World> CreateAsync() => new(await TestVault.CreateAsync());

        public static WalkPlan Plan(UtcDay last, int step) => new()
        {
            Business = Tenant,
            Number = Conversation.Number,
            LastDay = last,
            Step = step,
            Kinds = ["O:", "R:"],
            Wants = (day, row) => row.Get("day", "") == day.Key,
        };

        public async Task<IReadOnlyList<string>> PutAsync(ConversationKey key, PhoneNumberId number, int rows)
        {
            ConversationCommit commit = Store.Begin(key, number);
            List<string> put = [];
            for (int i = 0; i < rows; i++)
            {
                EnvelopeId id = EnvelopeId.Create();
                if (i % 2 == 0)
                {
                    await commit.InsertOutboundAsync(Conversation.Message(id), null, None);
                }
                else
                {
                    await commit.InsertWebhookAsync($"R:{id.Hex}", "{}"u8.ToArray(), None);
                }

                await commit.InsertWebhookAsync($"W:{id.Hex}:sent", "{}"u8.ToArray(), None);
                put.Add($"{key}/{(i % 2 == 0 ? "O" : "R")}:{id.Hex}");
            }

            Assert.True((await commit.SaveAsync(None)).IsSaved);
            return put;
        }
    }
}

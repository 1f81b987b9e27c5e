using System.Globalization;
using System.Text.RegularExpressions;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Compliance;

/// <summary>What docs/operations.md says that a message costs is what a message does, times the prices that stand there.</summary>
public sealed class CostTests
{
    private const string Outbound = "outbound, `sent` and `delivered` told";
    private const string Inbound = "inbound, told";

    /// <summary>A device that has fetched all fetches once more.</summary>
    private const int OfAnEmptyFetch = 2;

    private readonly string _document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"));

    [Fact]
    public async Task A_message_makes_the_transactions_that_are_documented()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        Count[] steps = [];
        for (int i = 0; i < 4; i++)
        {
            // The first rounds open the conversation and fill the caches.
            steps =
            [
                await CountAsync(world, () => world.SendAsync($"Hello {i}")),
                await CountAsync(world, world.DrainAsync),
                await CountAsync(world, world.ReceiveAsync) - new Count(0, 0, OfAnEmptyFetch, 0),
                await CountAsync(world, world.DrainAsync),
                await CountAsync(world, () => world.UserSendsAsync($"Hi {i}")) + await CountAsync(world, world.DrainAsync),
            ];
        }

        Assert.Equal(Documented("accept"), steps[0]);
        Assert.Equal(Documented("encrypt and deliver, `sent` told"), steps[1]);
        Assert.Equal(Device(), steps[2]);
        Assert.Equal(Documented("receipt, `delivered` told"), steps[3]);
        Assert.Equal(Documented("inbound, told"), steps[4]);
        Count outbound = steps[..4].Aggregate((one, other) => one + other);
        Assert.Equal((outbound.Tables, outbound.Queues), (Cell(Outbound, 1), Cell(Outbound, 2)));
        Assert.Equal((steps[4].Tables, steps[4].Queues), (Cell(Inbound, 1), Cell(Inbound, 2)));
    }

    [Theory]
    [InlineData(Outbound)]
    [InlineData(Inbound)]
    public void The_sums_are_counts_times_prices(string flow)
    {
        decimal sum = (Cell(flow, 1) * Price("a million table transactions")) + (Cell(flow, 2) * Price("a million queue transactions")) + (Cell(flow, 3) * Price("a million executions of functions"));
        Assert.Equal(Math.Round(sum, 2), Cell(flow, 4));
    }

    [Fact]
    public void An_instance_of_a_month_is_its_seconds_times_the_price() =>
        Assert.Contains($"{Math.Round(2 * 2_592_000 * Price("a GB-second of an instance"), 2).ToString(CultureInfo.InvariantCulture)} dollars", _document, StringComparison.Ordinal);

    private static async Task<Count> CountAsync(PairWorld world, Func<Task> step)
    {
        int before = world.Calls.Count;
        await step();
        FaultyCall[] calls = [.. world.Calls.Skip(before)];
        return new Count(Of(calls, "relay", "table:"), Of(calls, "relay", "queue:"), Of(calls, "transport", "table:"), Of(calls, "transport", "queue:"));
    }

    private static int Of(FaultyCall[] calls, string process, string kind) => calls.Count(call => call.Process == process && call.Name.StartsWith(kind, StringComparison.Ordinal));

    /// <summary>A row of "Storage transactions per message".</summary>
    private Count Documented(string flow)
    {
        string[] cells = Row("## Storage transactions per message", $"| {flow} | ", 6);
        return new Count(Number(cells[1]), Number(cells[2]), Number(cells[4]), Number(cells[5]));
    }

    /// <summary>The device's own calls stand in a sentence.</summary>
    private Count Device()
    {
        Match sentence = Regex.Match(_document, @"are another (\d+) table transactions of the transport and (\d+) put");
        return new Count(0, 0, Number(sentence.Groups[1].Value), Number(sentence.Groups[2].Value));
    }

    private decimal Cell(string flow, int column) => decimal.Parse(Row("## Cost", $"| {flow} | ", 5)[column], CultureInfo.InvariantCulture);

    private decimal Price(string input) => decimal.Parse(Row("## Cost", $"| {input} | ", 2)[1], CultureInfo.InvariantCulture);

    private string[] Row(string section, string start, int cells) => _document.Split('\n')
        .SkipWhile(line => line != section).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal)).Where(line => line.StartsWith(start, StringComparison.Ordinal))
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)).Single(row => row.Length == cells);

    private static int Number(string cell) => int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    private readonly record struct Count(int RelayTables, int RelayQueues, int TransportTables, int TransportQueues)
    {
        public int Tables => RelayTables + TransportTables;

        public int Queues => RelayQueues + TransportQueues;

        public static Count operator +(Count one, Count other) => new(
            one.RelayTables + other.RelayTables, one.RelayQueues + other.RelayQueues, one.TransportTables + other.TransportTables, one.TransportQueues + other.TransportQueues);

        public static Count operator -(Count one, Count other) => new(
            one.RelayTables - other.RelayTables, one.RelayQueues - other.RelayQueues, one.TransportTables - other.TransportTables, one.TransportQueues - other.TransportQueues);
    }
}

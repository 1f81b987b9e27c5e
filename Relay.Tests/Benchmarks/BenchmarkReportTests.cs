using System.Text.Json;
using Relay.Benchmarks;
using Relay.Benchmarks.CommandLine;
using Relay.Benchmarks.Reporting;
using Relay.Load.Measuring;
using Xunit;

namespace Relay.Tests.Benchmarks;

/// <summary>What the benchmarks say of what they measured. How fast anything is is no test's business.</summary>
public sealed class BenchmarkReportTests
{
    [Theory]
    [InlineData(50, 2.5)]
    [InlineData(0, 1)]
    [InlineData(100, 4)]
    public void A_percentile_lies_between_its_neighbours(double percent, double expected) =>
        Assert.Equal(expected, Statistics.Percentile([4, 1, 3, 2], percent));

    [Fact]
    public void A_rate_is_told_by_its_best_and_its_median()
    {
        Figure figure = Figure.Rate("x", [10, 30, 20]);
        Assert.Equal((30, 20), (figure.Value, figure.Median));
    }

    [Fact]
    public void Columns_are_aligned()
    {
        Section section = new()
        {
            Name = "one",
            Method = ["how"],
            Figures = [new Figure { Name = "short", Value = 1, Unit = "/s" }, new Figure { Name = "longer name", Value = 12_345.6, Median = 999.9, Unit = "/s", Target = ">= 1" }],
        };
        Assert.Equal(
            """

            one
              how
                               best  median    target
                short          1.00         /s
                longer name  12,346    1000 /s >= 1

            """,
            TextReport.Of(section));
    }

    [Fact]
    public async Task The_signal_section_runs_and_its_JSON_can_be_read()
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = await BenchmarkProgram.RunAsync(["--quick", "--only", "signal", "--json", "-"], output, error, CancellationToken.None);
        Assert.Equal(0, code);
        using JsonDocument report = JsonDocument.Parse(output.ToString());
        Assert.StartsWith("signal", report.RootElement.GetProperty("sections")[0].GetProperty("name").GetString(), StringComparison.Ordinal);
        Assert.Contains("encrypt", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_seal_section_runs_and_finds_that_the_cache_spares_the_vault()
    {
        using StringWriter output = new();
        using StringWriter error = new();
        Assert.Equal(0, await BenchmarkProgram.RunAsync(["--quick", "seal", "--json", "-"], output, error, CancellationToken.None));
        using JsonDocument report = JsonDocument.Parse(output.ToString());
        JsonElement[] sections = [.. report.RootElement.GetProperty("sections").EnumerateArray()];
        Assert.Equal(["seal", "key cache, in memory"], sections.Select(section => section.GetProperty("name").GetString()));
        Dictionary<string, double> figures = sections[1].GetProperty("figures").EnumerateArray()
            .ToDictionary(figure => figure.GetProperty("name").GetString() ?? "", figure => figure.GetProperty("value").GetDouble());
        Assert.Equal((0, 0), (figures["allocated for a day's key"], figures["allocated for derived keys (ids)"]));
        Assert.InRange(figures["unwraps per 2,000 messages"], 1, 10);
    }

    [Theory]
    [InlineData("--fast")]
    [InlineData("--only", "speed")]
    [InlineData("--seconds", "0")]
    [InlineData("--seconds")]
    [InlineData("--quick=yes")]
    public async Task A_bad_option_is_said_and_ends_with_2(params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        Assert.Equal(2, await BenchmarkProgram.RunAsync(args, output, error, CancellationToken.None));
        Assert.StartsWith("bench: ", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    [Fact]
    public void Sections_can_be_chosen_and_windows_set()
    {
        BenchmarkOptions options = BenchmarkOptions.Parse(["--only=accept", "e2e", "--seconds", "7"]);
        Assert.Equal((true, true, false), (options.Wants("accept"), options.Wants("e2e"), options.Wants("signal")));
        Assert.Equal(TimeSpan.FromSeconds(7), options.AcceptWindow);
    }
}

using System.Diagnostics;
using System.Text.Json;
using Relay.Load;
using Relay.LocalHost;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Load;

/// <summary>Both commands run, count and end by themselves. How fast anything is is no test's business.</summary>
public sealed class SmokeTests
{
    [Fact]
    public async Task A_load_in_memory_counts_every_message_and_keeps_its_promises()
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = await LoadProgram.RunAsync(
            ["load", "--memory", "--each-way", "--rate", "10", "--minutes", "0.05", "--users", "4", "--json"], output, error, CancellationToken.None);
        using JsonDocument report = JsonDocument.Parse(output.ToString());
        Assert.Equal((30, 30, 0), Counts(report, "toUser"));
        Assert.Equal((30, 30, 0), Counts(report, "toBusiness"));
        Assert.Equal(30, report.RootElement.GetProperty("deliveredStatuses").GetInt32());
        Assert.True(report.RootElement.GetProperty("counters").GetInt32() >= 30);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task Chaos_kills_the_host_on_Azurite_and_finds_everything_accepted_at_the_other_end()
    {
        string data = Directory.CreateTempSubdirectory("relay-chaos-").FullName;
        string serve = Path.Combine(Repository.Root, "eng", "azurite", "serve.mjs");
        string[] command =
        [
            serve, "--location", Path.Combine(data, "azurite"), "--discard", data, "--",
            "dotnet", typeof(LoadProgram).Assembly.Location, "chaos", "--data", data, "--host", typeof(LocalRelay).Assembly.Location,
            "--rate", "2", "--minutes", "0.05", "--users", "2", "--seed", "1030", "--json",
        ];
        using Process process = Process.Start(new ProcessStartInfo("node", command) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("node did not start.");
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode is 0 or 1, await error);
        using JsonDocument report = JsonDocument.Parse(output);
        Assert.Equal((6, 6, 0), Counts(report, "toUser"));
        Assert.Equal((6, 6, 0), Counts(report, "toBusiness"));
        Assert.Empty(report.RootElement.GetProperty("violations").EnumerateArray());
        Assert.True(report.RootElement.GetProperty("chaos").GetProperty("kills").GetInt32() >= 1);
        Assert.False(Directory.Exists(data));
    }

    private static (int Accepted, int Delivered, int Lost) Counts(JsonDocument report, string way)
    {
        JsonElement tally = report.RootElement.GetProperty(way);
        return (tally.GetProperty("accepted").GetInt32(), tally.GetProperty("delivered").GetInt32(), tally.GetProperty("lost").GetInt32());
    }
}

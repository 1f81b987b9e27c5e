using System.Text;
using Relay.Benchmarks.CommandLine;
using Relay.Benchmarks.Reporting;
using Relay.Benchmarks.Sections;
using Relay.Benchmarks.Stage;
using Relay.Load.CommandLine;
using Relay.Load.Measuring;

namespace Relay.Benchmarks;

/// <summary>Runs the chosen sections one after the other, prints each when it is measured, and leaves all of them as JSON.</summary>
internal static class BenchmarkProgram
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int Misused = 2;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        BenchmarkOptions options;
        try
        {
            options = BenchmarkOptions.Parse(args);
        }
        catch (UsageException wrong)
        {
            await error.WriteLineAsync($"bench: {wrong.Message} (--help says what there is)");
            return Misused;
        }

        if (options.Help)
        {
            await output.WriteAsync(HelpText.All);
            return Done;
        }

        // With --json -, the JSON is all that standard output gets.
        TextWriter table = options.JsonPath == BenchmarkOptions.StandardOutput ? error : output;
        try
        {
            BenchmarkReport report = await MeasureAsync(options, table, cancellationToken);
            await SaveAsync(report, options.JsonPath, output, cancellationToken);
            return Done;
        }
        catch (Exception fault) when (fault is HttpRequestException or InvalidOperationException or TimeoutException or IOException)
        {
            await error.WriteLineAsync($"bench: {fault.Message}");
            return Failed;
        }
    }

    private static async Task<BenchmarkReport> MeasureAsync(BenchmarkOptions options, TextWriter table, CancellationToken cancellationToken)
    {
        BenchStorages storages = BenchStorages.FromEnvironment();
        Machine machine = Machine.Read();
        string loadBefore = Machine.LoadAverage();
        await table.WriteAsync(TextReport.Header(machine, options.Window, loadBefore));

        List<Section> sections = [];
        await foreach (Section section in SectionList.RunAsync(options, storages, cancellationToken))
        {
            sections.Add(section);
            await table.WriteAsync(TextReport.Of(section));
            await table.FlushAsync(cancellationToken);
        }

        BenchmarkReport report = new()
        {
            At = TimeProvider.System.GetUtcNow(),
            Machine = machine,
            Quick = options.Quick,
            LoadBefore = loadBefore,
            LoadAfter = Machine.LoadAverage(),
            Sections = sections,
        };
        await table.WriteLineAsync($"Load average at the end: {report.LoadAfter}.");
        return report;
    }

    private static async Task SaveAsync(BenchmarkReport report, string? path, TextWriter output, CancellationToken cancellationToken)
    {
        string json = report.ToJson();
        if (path == BenchmarkOptions.StandardOutput)
        {
            await output.WriteLineAsync(json);
            return;
        }

        string file = Path.GetFullPath(path ?? Path.Combine(Repository.Root(), ".relay", "bench", "latest.json"));
        Directory.CreateDirectory(Path.GetDirectoryName(file) ?? ".");
        await File.WriteAllTextAsync(file, json + "\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellationToken);
        await output.WriteLineAsync($"As JSON: {Path.GetRelativePath(Environment.CurrentDirectory, file)}");
    }
}

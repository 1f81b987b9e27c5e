using System.Globalization;
using Relay.Benchmarks.Bare;
using Relay.Benchmarks.CommandLine;
using Relay.Benchmarks.Reporting;
using Relay.Benchmarks.Stage;
using Relay.Load.Parties;
using Relay.Shared.Storage;

namespace Relay.Benchmarks.Sections;

/// <summary>How often the session is written when a business sends one user as much at once as it may.</summary>
internal static class BurstSection
{
    private const int Burst = 45;

    internal static async Task<Section> RunAsync(BenchAccounts? accounts, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        CallRecorder recorder = new();
        await using BenchRelay relay = await BenchRelay.StartAsync(accounts, runPumps: true, recorder, cancellationToken);
        LoadBusiness business = await relay.BusinessAsync(withWebhook: true, cancellationToken);
        List<double> sending = [];
        List<double> all = [];
        int sent = 0;
        for (int i = 0; i <= options.Repetitions; i++)
        {
            LoadDevice device = await relay.DeviceAsync(cancellationToken);
            device.Listen();
            async Task SendAsync()
            {
                string text = string.Create(CultureInfo.InvariantCulture, $"burst {Interlocked.Increment(ref sent)}");
                Task received = relay.AtDevices.WhenAsync(text);
                await business.SendAsync(LoadBusiness.TextTo(device.Number, text), cancellationToken);
                await Arrival.WithinAMinuteAsync(received, cancellationToken);
            }

            // The first opens the conversation.
            await SendAsync();
            await relay.DrainAsync(cancellationToken);
            recorder.Take();
            await Task.WhenAll(Enumerable.Range(0, Burst).Select(_ => SendAsync()));
            await relay.DrainAsync(cancellationToken);
            List<TableCommit> sessions = [.. recorder.Take().OfType<TableCommit>().Where(commit => Writes(commit, TableWriteKind.Replace, "S"))];
            if (i > 0)
            {
                sending.Add(sessions.Count(commit => Writes(commit, TableWriteKind.Insert, "O:")) / (double)Burst);
                all.Add(sessions.Count / (double)Burst);
            }
        }

        relay.ThrowIfAnyFailed();
        return new Section
        {
            Name = $"burst, {SectionList.Place(accounts)}",
            Method =
            [
                $"{Burst} messages to one user at the same moment, in an established conversation, until the device has them and their receipts are told;",
                "commits of the session's row counted at the storage port.",
            ],
            Figures =
            [
                Count("session commits per message, sending", sending, "<= 0.2"),
                Count("session commits per message, receipts included", all, null),
            ],
        };
    }

    private static bool Writes(TableCommit commit, TableWriteKind kind, string prefix) =>
        commit.Table == TableNames.Conversations
        && commit.Writes.Any(write => write.Kind == kind && write.RowKey.StartsWith(prefix, StringComparison.Ordinal));

    private static Figure Count(string name, List<double> values, string? target) => new()
    {
        Name = name,
        Value = values.Min(),
        Median = Load.Measuring.Statistics.Median(values),
        Unit = "",
        Target = target,
    };
}

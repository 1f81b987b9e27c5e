using Relay.Load.CommandLine;
using Relay.Load.Counting;
using Relay.Load.Driving;
using Relay.Load.Reporting;
using Relay.LocalHost.Split;
using Relay.Shared.Hosting;

namespace Relay.Load;

/// <summary><c>./relay load</c>: one rate for some minutes, or the search for the highest that is sustained.</summary>
internal static class LoadRun
{
    private static readonly TimeSpan StepTime = TimeSpan.FromSeconds(30);

    public static async Task<LoadReport> RunAsync(LoadOptions options, TextWriter error, CancellationToken cancellationToken)
    {
        Progress progress = new(error);
        await using LoadStage stage = await LoadStage.StartAsync(options, options.UserCount, progress, cancellationToken);
        return await stage.RunAsync(options.Rate, options.Duration, givesUpAt: null, progress, cancellationToken);
    }

    public static async Task<FindReport> FindAsync(LoadOptions options, TextWriter error, CancellationToken cancellationToken)
    {
        Progress progress = new(error);
        List<FindStep> steps = [];
        await using LoadStage stage = await LoadStage.StartAsync(options, options.Users ?? 300, progress, cancellationToken);
        int GivesUpAt(double rate) => 5 * FindRate.MostBacklog(rate, options.EachWay);
        async Task<FindStep> TryAsync(double rate, TimeSpan duration)
        {
            LoadReport report = await stage.RunAsync(rate, duration, GivesUpAt(rate), progress, cancellationToken);
            FindStep step = FindRate.Judge(report, stage.LastBacklog, options.EachWay);
            steps.Add(step);
            progress.Say($"{rate:0.#}/s: {(step.IsSustained ? "sustained" : "not sustained")}, {step.Backlog} under way at the end", always: true);
            return step;
        }

        double found = await FindRate.SearchAsync(async rate => (await TryAsync(rate, StepTime)).IsSustained);
        for (double rate = found; rate >= 1; rate *= 0.85)
        {
            LoadReport report = await stage.RunAsync(rate, options.Duration, GivesUpAt(rate), progress, cancellationToken);
            FindStep step = FindRate.Judge(report, stage.LastBacklog, options.EachWay);
            steps.Add(step);
            if (step.IsSustained)
            {
                return new FindReport(steps, report);
            }
        }

        return new FindReport(steps, null);
    }

    /// <summary>Relay in this process with its crowd.</summary>
    private sealed class LoadStage(RatchetOracle oracle, RelayInProcess relay, Crowd crowd, LoadOptions options) : IAsyncDisposable
    {
        public int LastBacklog { get; private set; }

        public static async Task<LoadStage> StartAsync(LoadOptions options, int users, Progress progress, CancellationToken cancellationToken)
        {
            RatchetOracle oracle = new(OutgoingHttp.CreateTransportHandler());
            RelayInProcess? relay = null;
            try
            {
                relay = await RelayInProcess.StartAsync(options.Memory, oracle, cancellationToken);
                Crowd crowd = await Crowd.GatherAsync(RoleAddresses.Of(relay.Address), relay.AdminToken, relay.Codes.TakeAsync, users, progress, cancellationToken);
                return new LoadStage(oracle, relay, crowd, options);
            }
            catch
            {
                if (relay is not null)
                {
                    await relay.DisposeAsync();
                }

                oracle.Dispose();
                throw;
            }
        }

        public async Task<LoadReport> RunAsync(double rate, TimeSpan duration, int? givesUpAt, Progress progress, CancellationToken cancellationToken)
        {
            Drive drive = new(crowd, rate, duration, options.EachWay) { GivesUpAt = givesUpAt };
            Ledger ledger = await drive.RunAsync(_ => false, () => Task.CompletedTask, progress, cancellationToken);
            LastBacklog = drive.Backlog;
            return ReportMaker.Make(ledger, oracle, drive, options.Memory ? "load in memory" : "load on Azurite", kills: null);
        }

        public async ValueTask DisposeAsync()
        {
            await crowd.DisposeAsync();
            await relay.DisposeAsync();
            oracle.Dispose();
        }
    }
}

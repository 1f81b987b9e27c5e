using Relay.Load.CommandLine;
using Relay.Load.Counting;
using Relay.Load.Driving;
using Relay.Load.Killing;
using Relay.Load.Reporting;
using Relay.LocalHost.Split;
using Relay.Phone.Registering;

namespace Relay.Load;

/// <summary>
/// <c>./relay chaos</c>: Relay as a process of its own, or as three (<c>--split</c>), one killed at random under load each way. Devices, endpoint, load and a proxy before
/// the transport, which shows every envelope to the oracle, live here and survive. Every other message of the business carries an
/// idempotency key: of those a repeated call makes no second message.
/// </summary>
internal static class ChaosRun
{
    public static async Task<LoadReport> RunAsync(LoadOptions options, TextWriter error, CancellationToken cancellationToken)
    {
        Progress progress = new(error);
        using RatchetOracle oracle = new(new HttpClientHandler());
        int port = SplitOptions.FreePorts(1)[0];
        await using RecordingProxy proxy = await RecordingProxy.StartAsync(oracle, new Uri($"http://127.0.0.1:{port}"), cancellationToken);
        await using IChaosHost host = options.Split
            ? new SplitProcesses(options.Host, options.Data, port, proxy.Address)
            : new HostProcess(options.Host, options.Data, port, proxy.Address);
        await host.StartAsync(cancellationToken);
        CodeFolder codes = new(host.Codes, TimeProvider.System);
        await using Crowd crowd = await Crowd.GatherAsync(host.Addresses, host.AdminToken, codes.ReadAsync, options.UserCount, progress, cancellationToken);

        Killer killer = new(host, new KillTimes(options.Seed), progress);
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task killing = killer.RunAsync(enough.Token, cancellationToken);
        Drive drive = new(crowd, options.Rate, options.Duration, eachWay: true);
        async Task StopKillingAsync()
        {
            await enough.CancelAsync();
            await killing;
        }

        Task<Ledger> driving = drive.RunAsync(static number => number % 2 == 0, StopKillingAsync, progress, cancellationToken);
        if (await Task.WhenAny(driving, killing) == killing)
        {
            // Early only when the host doesn't start any more.
            await killing;
        }

        Ledger ledger = await driving;
        return ReportMaker.Make(ledger, oracle, drive, $"chaos{(options.Split ? " in three processes" : "")} (seed {options.Seed}) on Azurite", killer.Kills);
    }
}

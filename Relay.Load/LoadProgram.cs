using System.Runtime.InteropServices;
using Relay.Load.CommandLine;
using Relay.Load.Reporting;
using Relay.Phone;

namespace Relay.Load;

/// <summary>The two commands. Ctrl-C ends everything; nothing stays behind.</summary>
internal static class LoadProgram
{
    private const int Kept = 0;
    private const int Broken = 1;
    private const int Misused = 2;
    private const int Interrupted = 130;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        using CancellationTokenSource interrupted = new();
        void Interrupt(PosixSignalContext context)
        {
            context.Cancel = true;
            interrupted.Cancel();
        }

        using PosixSignalRegistration onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using PosixSignalRegistration onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        try
        {
            return await RunAsync(args, output, error, interrupted.Token);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return Interrupted;
        }
    }

    internal static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            LoadOptions options = LoadOptions.Parse(args.Length > 0 ? args[1..] : []);
            switch (args.FirstOrDefault())
            {
                case "load" or "chaos" when options.Help:
                    await output.WriteAsync(LoadHelp.All);
                    return Kept;
                case "load" when options.Find:
                    FindReport found = await LoadRun.FindAsync(options, error, cancellationToken);
                    await output.WriteLineAsync(options.Json ? found.ToJson() : LoadTable.Of(found));
                    return found.Confirmed is null ? Broken : Kept;
                case "load":
                    return await TellAsync(await LoadRun.RunAsync(options, error, cancellationToken), options, output);
                case "chaos" when options is { Host.Length: > 0, Data.Length: > 0 }:
                    return await TellAsync(await ChaosRun.RunAsync(options, error, cancellationToken), options, output);
                default:
                    throw new UsageException("started by ./relay load or ./relay chaos");
            }
        }
        catch (UsageException wrong)
        {
            await error.WriteLineAsync($"relay: {wrong.Message} (--help says what there is)");
            return Misused;
        }
        catch (Exception fault) when (fault is HttpRequestException or InvalidOperationException or TimeoutException or IOException or PhoneException)
        {
            await error.WriteLineAsync($"relay: {fault.Message}");
            return Broken;
        }
    }

    private static async Task<int> TellAsync(LoadReport report, LoadOptions options, TextWriter output)
    {
        await output.WriteLineAsync(options.Json ? report.ToJson() : LoadTable.Of(report));
        return report.IsKept ? Kept : Broken;
    }
}

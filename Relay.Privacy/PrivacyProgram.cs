using System.Runtime.InteropServices;
using Relay.LocalHost.Demonstration;
using Relay.Privacy.Story;

namespace Relay.Privacy;

/// <summary><c>./relay privacy-check</c>. Ends 0 only when every promise holds.</summary>
internal static class PrivacyProgram
{
    private const int Holds = 0;
    private const int Broken = 1;
    private const int Misused = 2;
    private const int Interrupted = 130;

    private const string Help = """
        ./relay privacy-check

        Runs a history of two businesses and four users through the real parts, moves the clock day by day past everything's last day, and tries at each
        midnight what a thief with copied tables could do. Ends 0 only when every promise of docs/privacy.md that it lists holds. Takes no arguments.

        """;

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
            return args switch
            {
                [] => await CheckAsync(output, interrupted.Token),
                ["--help" or "-h"] => await ShowHelpAsync(output),
                _ => await MisuseAsync(error),
            };
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception e) when (e is StoryException or DemoException)
        {
            await error.WriteLineAsync($"privacy-check: {e.Message}");
            return Broken;
        }
    }

    private static async Task<int> CheckAsync(TextWriter output, CancellationToken cancellationToken) =>
        await new PrivacyCheck(new Interference(), output).RunAsync(cancellationToken) ? Holds : Broken;

    private static async Task<int> ShowHelpAsync(TextWriter output)
    {
        await output.WriteAsync(Help);
        return Holds;
    }

    private static async Task<int> MisuseAsync(TextWriter error)
    {
        await error.WriteLineAsync("privacy-check: it takes no arguments (./relay privacy-check --help)");
        return Misused;
    }
}

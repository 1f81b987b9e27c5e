using System.Runtime.InteropServices;

namespace Relay.Fuzz;

/// <summary><c>./relay fuzz</c>. Ends 0 only when nothing was found.</summary>
internal static class FuzzProgram
{
    private const int Clean = 0;
    private const int Found = 1;
    private const int Misused = 2;
    private const int Interrupted = 130;

    private const string Help = """
        ./relay fuzz [--requests N] [--seed S] [--function NAME] [--only INDEX]

        Takes real requests to every route of Relay, changes them (method, path, query, headers, encodings, body) and sends them to a Relay in memory. Ends 0 only
        when no answer was a 5xx, none was late, memory stayed bounded, nothing was stored for a refused request, and no queue handler choked on what was
        accepted. What is found is printed with its index; the same seed and index make the same request again.

          --requests N       how many, 100,000 unless given
          --seed S           1 unless given
          --function NAME    only requests to this function's route
          --only INDEX       one request, shown

        """;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        if (args is ["--help" or "-h"])
        {
            await output.WriteAsync(Help);
            return Clean;
        }

        if (FuzzOptions.Parse(args) is not { } options)
        {
            await error.WriteLineAsync("fuzz: these arguments are not understood (./relay fuzz --help)");
            return Misused;
        }

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
            FuzzReport report = await new FuzzRun(options, output).RunAsync(interrupted.Token);
            await report.WriteAsync(output);
            return report.IsClean ? Clean : Found;
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return Interrupted;
        }
    }
}

using Microsoft.Extensions.Logging;
using Relay.LocalHost.Running;
using Relay.Phone;

namespace Relay.LocalHost.Demonstration;

/// <summary>
/// <c>./relay demo</c>: a message each way through real parts, what each party saw, a fan-out that is noticed, reports that lower the quality, what lies at rest, and a search
/// of every byte for what must not be there. Exit code 0 only when all of it happened.
/// </summary>
internal static class DemoCommand
{
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        if (CommandOptions.Parse(arguments, Console.Error) is not { Phone: { } phoneProgram } options)
        {
            return 2;
        }

        DataFolder folder = new(options.Data);
        Screen screen = new(Console.Out);
        try
        {
            await using StreamWriter file = new(Path.Combine(folder.Path, "relay.log")) { AutoFlush = true };
            TextWriter log = TextWriter.Synchronized(file);
            LocalRelayOptions relayOptions = folder.ToOptions() with
            {
                Port = options.Port ?? 0,
                FirstTier = FanOut.Tier,
                CodeOutput = log,
                ConfigureLogging = logging => logging.AddProvider(new StandardErrorLog(log)).SetMinimumLevel(LogLevel.Trace),
            };
            await using LocalRelay relay = await LocalRelay.StartAsync(relayOptions, cancellationToken);
            await using DemoEndpoint endpoint = await DemoEndpoint.StartAsync(cancellationToken);
            using HttpClient http = new();
            PhoneProcess phone = new(phoneProgram, relay.BaseAddress, folder);
            DemoScript script = new(relay, folder, endpoint, http, phone, screen);
            await script.RunAsync(cancellationToken);
            screen.Done("All of it happened.");
            return 0;
        }
        catch (DemoException failure)
        {
            screen.Failed(failure.Message);
            return 1;
        }
        catch (Exception failure) when (failure is HttpRequestException or TimeoutException or PhoneException)
        {
            screen.Failed($"a call failed ({failure.GetType().Name}); relay.log in the data folder says why, with --keep");
            return 1;
        }
    }
}

/// <summary>Something that the demo shows did not happen.</summary>
internal sealed class DemoException(string message) : Exception(message)
{
    public static void Unless(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new DemoException(otherwise);
        }
    }
}

using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Relay.Shared.Webhooks;

namespace Relay.LocalHost.Running;

/// <summary><c>./relay up</c>: stays up until it is told to stop, with a demo business to talk to; with <c>--split</c> as <see cref="UpSplit"/> does.</summary>
internal static class UpCommand
{
    private const int UsualPort = 7071;

    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        if (CommandOptions.Parse(arguments, Console.Error) is not { } options)
        {
            return 2;
        }

        if (options.Port is { } wanted && !IsFree(wanted))
        {
            await Console.Error.WriteLineAsync($"relay: port {wanted} is taken");
            return 1;
        }

        int? port = options.Port ?? (IsFree(UsualPort) ? UsualPort : null);
        if (options.Split)
        {
            return await UpSplit.RunAsync(options, port, cancellationToken);
        }

        DataFolder folder = new(options.Data);
        LocalRelayOptions relayOptions = folder.ToOptions() with
        {
            Port = port ?? 0,
            TelemetrySetting = Environment.GetEnvironmentVariable,
            CodeOutput = Console.Error,
            ConfigureLogging = logging => logging
                .AddProvider(new StandardErrorLog())
                .SetMinimumLevel(LogLevel.Warning)
                .AddFilter(typeof(DispatchWebhook).FullName, LogLevel.Information), // the developer's own endpoint
        };
        await using (LocalRelay relay = await LocalRelay.StartAsync(relayOptions, cancellationToken))
        {
            using HttpClient http = new();
            DemoBusiness business = await DemoBusiness.ProvisionAsync(relay, http, folder, DemoBusiness.DefaultNumber, cancellationToken);
            await Console.Out.WriteLineAsync(options.Json ? business.ToJson() : UpScreen.Describe(business));
            await LocalFunctionHost.WaitForSignalAsync(cancellationToken);
        }

        return 0;
    }

    private static bool IsFree(int port)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

using Microsoft.Extensions.Logging;
using Relay.LocalHost.Split;
using Relay.Shared.Hosting;
using Relay.Shared.Limits;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Standing;

namespace Relay.LocalHost.Running;

/// <summary>
/// <c>serve</c>: all roles and nothing else, for a program that drives them; <c>--role</c>: one of them, wholly from settings. Tokens come from the settings <c>Relay__AdminToken</c>,
/// <c>Transport__RegistrationKey</c> and <c>Transport__OperatorKey</c>, the transport's address from <c>Relay__TransportBaseUrl</c> if there is one. Prints its address once it
/// answers, and may be killed and started again on the same port and data. Limits are lifted unless they are set.
/// </summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        if (CommandOptions.Parse(arguments, Console.Error) is not { } options)
        {
            return 2;
        }

        if (options.Role != RelayRole.All)
        {
            await using LocalFunctionHost host = await RoleHost.StartAsync(
                options.Role, options.Port ?? 0, options.PrintsCodes ? Console.Error : TextWriter.Null, cancellationToken);
            return await ServeAsync(host.BaseAddress, options, cancellationToken);
        }

        LocalRelayOptions relayOptions = new DataFolder(options.Data).ToOptions() with
        {
            Port = options.Port ?? 0,
            TelemetrySetting = Environment.GetEnvironmentVariable,
            Limits = RelaySettings.ReadLimits(Environment.GetEnvironmentVariable, RelayLimits.Lifted),
            EnforcesServiceWindow = RelaySettings.ReadServiceWindow(Environment.GetEnvironmentVariable, otherwise: false),
            FirstTier = RelaySettings.ReadFirstTier(Environment.GetEnvironmentVariable, MessagingTier.Unlimited),
            DeviceLimits = RelaySettings.ReadDeviceLimits(Environment.GetEnvironmentVariable, DeviceLimits.Lifted),
            AdminToken = new Secret(RelaySettings.Required(Environment.GetEnvironmentVariable, RelaySettings.AdminToken)),
            RegistrationKey = new Secret(RelaySettings.Required(Environment.GetEnvironmentVariable, RelaySettings.RegistrationKey)),
            OperatorKey = new Secret(RelaySettings.Required(Environment.GetEnvironmentVariable, RelaySettings.OperatorKey)),
            TransportBaseUrl = Environment.GetEnvironmentVariable(RelaySettings.TransportBaseUrl) is { Length: > 0 } transport ? new Uri(transport) : null,
            ConfigureLogging = logging => logging.AddProvider(new StandardErrorLog()).SetMinimumLevel(LogLevel.Error),
        };
        await using LocalRelay relay = await LocalRelay.StartAsync(relayOptions, cancellationToken);
        return await ServeAsync(relay.BaseAddress, options, cancellationToken);
    }

    /// <summary>Until it is told to stop.</summary>
    private static async Task<int> ServeAsync(Uri address, CommandOptions options, CancellationToken cancellationToken)
    {
        await Console.Out.WriteLineAsync(address.AbsoluteUri);
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task input = options.Attached ? EndWithInputAsync(ended) : Task.CompletedTask;
        await LocalFunctionHost.WaitForSignalAsync(ended.Token);
        return input.IsFaulted ? 1 : 0;
    }

    private static async Task EndWithInputAsync(CancellationTokenSource ended)
    {
        await using Stream input = Console.OpenStandardInput();
        byte[] ignored = new byte[1];
        while (await input.ReadAsync(ignored) > 0)
        {
        }

        await ended.CancelAsync();
    }
}

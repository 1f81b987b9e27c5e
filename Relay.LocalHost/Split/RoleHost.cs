using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.Functions;
using Relay.LocalHost.Running;
using Relay.Shared.Hosting;
using Relay.Shared.PhoneNumbers.Registration;
using Relay.Shared.Transport.Registrations;

namespace Relay.LocalHost.Split;

/// <summary>One role on its own, composed by <see cref="ConfiguredRelay"/> from settings as in Azure, with its own functions and no other's.</summary>
internal static class RoleHost
{
    public static Task<LocalFunctionHost> StartAsync(RelayRole role, int port, TextWriter codes, CancellationToken cancellationToken) => LocalFunctionHost.StartAsync(
        new LocalFunctionHostOptions
        {
            ConfigureServices = services => Compose(services, role, codes, Environment.GetEnvironmentVariable),
            DisabledFunctions = DisabledIn(role),
            Port = port,
            MessageHiddenFor = LocalRelayOptions.UsualMessageHiddenFor,
            ConfigureLogging = logging => logging.AddProvider(new StandardErrorLog()).SetMinimumLevel(LogLevel.Error),
        },
        cancellationToken);

    internal static void Compose(IServiceCollection services, RelayRole role, TextWriter codes, Func<string, string?> setting)
    {
        if (role == RelayRole.Transport)
        {
            services.AddSingleton<IVerificationCodeSender>(new LocalCodeSender(codes, setting(RelaySettings.CodeDirectory)));
        }
        else
        {
            services.AddSingleton<INumberCodeSender>(new PrintNumberCode(codes));
        }

        services.AddConfiguredRelay(name => name == RelaySettings.Role ? role.Name() : setting(name));
    }

    /// <summary>What <c>AzureWebJobs.&lt;Function&gt;.Disabled</c> says in the role's app.</summary>
    internal static IReadOnlySet<string> DisabledIn(RelayRole role) =>
        FunctionCatalog.Scan(Assembly.Load("Relay.Functions").GetTypes()).Functions.Select(function => function.Name).Where(name => !role.Has(name)).ToHashSet();
}

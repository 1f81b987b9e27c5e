using Microsoft.Extensions.DependencyInjection;
using Relay.Shared.Accounts;

namespace Relay.Shared.Hosting;

/// <summary>The business manager without a host.</summary>
public static class ManagerServices
{
    /// <summary>
    /// Registers what only the manager has. Its operations on businesses are <see cref="RelayServices.AddRelay"/>'s, which the caller registers too, with
    /// <c>ManagerStorage</c>.
    /// </summary>
    public static IServiceCollection AddManager(this IServiceCollection services, ManagerOptions options) => services
        .AddSingleton(options)
        .AddSingleton(new AdminCredential(options.AdminToken));
}

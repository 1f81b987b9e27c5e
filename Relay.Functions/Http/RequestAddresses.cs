using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Relay.Functions.Http;

/// <summary>
/// Keeps the addresses of requests out of every log, whatever its level: a contact's number may be part of one. Without the first category there is also
/// no scope with the path, which loggers would add to every line of ours.
/// </summary>
internal static class RequestAddresses
{
    internal static IServiceCollection KeepRequestAddressesOutOfLogs(this IServiceCollection services) => services.AddLogging(static logging => logging
        .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
        .AddFilter("Microsoft.AspNetCore", LogLevel.Warning));
}

using Relay.Shared.Storage;

namespace Relay.Shared.Messaging;

/// <summary>Tells a dependency that is away (try again later, for as long as it takes) from a fault of ours (let the host count it).</summary>
internal static class DependencyFaults
{
    internal static bool IsAway(Exception exception) =>
        exception is StorageFaultException or HttpRequestException or TimeoutException or IOException { InnerException: not InvalidDataException };
}

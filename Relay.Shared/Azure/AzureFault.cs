using System.Net.Sockets;
using Azure;
using Azure.Identity;
using Relay.Shared.Storage;

namespace Relay.Shared.Azure;

/// <summary>
/// Turns what the SDK throws after its retries into <see cref="StorageFaultException"/>. The SDK's exception isn't kept as the
/// inner one: its text may hold addresses and response bodies.
/// </summary>
internal static class AzureFault
{
    /// <summary>True for a fault; false for a bug, and for the caller's own cancellation.</summary>
    public static bool Is(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        AggregateException all => all.InnerExceptions.All(inner => Is(inner, cancellationToken)),
        RequestFailedException or AuthenticationFailedException or HttpRequestException or IOException => true,
        _ => false,
    };

    public static StorageFaultException From(Exception exception, string operation, string target)
    {
        Exception last = exception is AggregateException { InnerExceptions: [.., Exception final] } ? final : exception;
        return last is RequestFailedException { Status: not 0 } failed
            ? new StorageFaultException(operation, target, failed.Status, failed.ErrorCode)
            : new StorageFaultException(operation, target, 0, Reason(last));
    }

    private static string Reason(Exception exception)
    {
        Exception root = exception.GetBaseException();
        return root is SocketException socket ? socket.SocketErrorCode.ToString() : root.GetType().Name;
    }
}

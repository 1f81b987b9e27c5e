using Microsoft.AspNetCore.Http;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Functions.Http;

/// <summary>
/// Reads a body of at most 100 KiB within 10 seconds. A longer one is refused unread when it says its length, else after one
/// byte too many; its error is code 100 with that code's status, 400, not 413: clients go by the code.
/// </summary>
internal static class RequestBody
{
    internal const int MaxBytes = 100 * 1024;

    internal static async Task<Result<ReadOnlyMemory<byte>, GraphError>> ReadAsync(HttpRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        (BodyOutcome outcome, ReadOnlyMemory<byte> body) = await BoundedBody.ReadAsync(request, MaxBytes, time, cancellationToken);
        return outcome switch
        {
            BodyOutcome.Complete => body,
            BodyOutcome.TooLarge => Invalid($"The request body is larger than {MaxBytes} bytes."),
            BodyOutcome.Late => Invalid($"The request body did not arrive within {BoundedBody.Deadline.TotalSeconds} seconds."),
            _ => Invalid("The request body ended early or is not framed as HTTP demands."),
        };
    }

    private static GraphError Invalid(string details) => GraphErrorCode.InvalidParameter.Because(details);
}

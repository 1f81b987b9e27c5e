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

    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private const int FirstBuffer = 4 * 1024;

    internal static async Task<Result<ReadOnlyMemory<byte>, GraphError>> ReadAsync(HttpRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes)
        {
            return TooLarge;
        }

        using CancellationTokenSource deadline = new(Deadline, time);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await FillAsync(request.Body, (int?)request.ContentLength ?? FirstBuffer, stop.Token) is { } body ? body : TooLarge;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Invalid($"The request body did not arrive within {Deadline.TotalSeconds} seconds.");
        }
        catch (IOException)
        {
            // Includes BadHttpRequestException: broken chunks, a body that ends early. The client's, not a dependency's.
            return Invalid("The request body ended early or is not framed as HTTP demands.");
        }
    }

    private static async Task<ReadOnlyMemory<byte>?> FillAsync(Stream stream, int expected, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[Math.Min(expected, MaxBytes) + 1];
        int count = 0;
        while (await stream.ReadAsync(buffer.AsMemory(count), cancellationToken) is > 0 and int read)
        {
            count += read;
            if (count > MaxBytes)
            {
                return null;
            }

            if (count == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, MaxBytes + 1));
            }
        }

        return buffer.AsMemory(0, count);
    }

    private static GraphError TooLarge => Invalid($"The request body is larger than {MaxBytes} bytes.");

    private static GraphError Invalid(string details) => GraphErrorCode.InvalidParameter.Because(details);
}

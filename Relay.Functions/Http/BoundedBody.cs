using Microsoft.AspNetCore.Http;

namespace Relay.Functions.Http;

/// <summary>How the reading of a body ended.</summary>
internal enum BodyOutcome
{
    Complete,

    /// <summary>More bytes than allowed; refused unread where the request says its length.</summary>
    TooLarge,

    /// <summary>Not whole within <see cref="BoundedBody.Deadline"/>.</summary>
    Late,

    /// <summary>Broken chunks, or a body that ends early: the client's fault, not a dependency's.</summary>
    Broken,
}

/// <summary>Reads a request's body, bounded in bytes and in time. Only the caller's own cancellation is an exception.</summary>
internal static class BoundedBody
{
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private const int FirstBuffer = 4 * 1024;

    internal static async Task<(BodyOutcome Outcome, ReadOnlyMemory<byte> Body)> ReadAsync(
        HttpRequest request, int maxBytes, TimeProvider time, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
        {
            return (BodyOutcome.TooLarge, default);
        }

        using CancellationTokenSource deadline = new(Deadline, time);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await FillAsync(request.Body, (int?)request.ContentLength ?? FirstBuffer, maxBytes, stop.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return (BodyOutcome.Late, default);
        }
        catch (IOException)
        {
            return (BodyOutcome.Broken, default);
        }
    }

    private static async Task<(BodyOutcome Outcome, ReadOnlyMemory<byte> Body)> FillAsync(
        Stream stream, int expected, int maxBytes, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[Math.Min(expected, maxBytes) + 1];
        int count = 0;
        while (await stream.ReadAsync(buffer.AsMemory(count), cancellationToken) is > 0 and int read)
        {
            count += read;
            if (count > maxBytes)
            {
                return (BodyOutcome.TooLarge, default);
            }

            if (count == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, maxBytes + 1));
            }
        }

        return (BodyOutcome.Complete, buffer.AsMemory(0, count));
    }
}

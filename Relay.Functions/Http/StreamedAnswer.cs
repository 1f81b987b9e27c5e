using Microsoft.AspNetCore.Http;

namespace Relay.Functions.Http;

/// <summary>Writes an answer as it is read, and gives up who reads it too slowly before the host ends the function and with it the process.</summary>
internal static class StreamedAnswer
{
    internal static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(4);

    /// <summary>What fails, or takes too long, ends the connection.</summary>
    internal static async Task WriteAsync(HttpContext context, TimeProvider time, Func<Stream, CancellationToken, Task> write)
    {
        using CancellationTokenSource end = new(MaxTime, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, context.RequestAborted);
        try
        {
            await write(context.Response.Body, either.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            context.Abort();
        }
    }
}

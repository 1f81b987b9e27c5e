using Microsoft.Extensions.Logging;
using Relay.Shared.Telemetry;

namespace Relay.Shared.Transport.Pushes;

/// <summary>
/// Ends a message that storage faults have driven out of queue <c>push</c>. Nothing is lost by it: the envelope waits in its
/// mailbox with a due time in the past, and <see cref="SweepPushes"/> enqueues it again.
/// </summary>
public sealed partial class DropPoisonedPush(ILogger<DropPoisonedPush> logger)
{
    public Task ExecuteAsync(string body, CancellationToken cancellationToken)
    {
        RelayMetrics.Poison.Add(MeteredQueue.Push);
        Log.Dropped(logger, PushReference.Read(body)?.Attempt ?? -1);
        return Task.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(3003, LogLevel.Warning, "A push (attempt {Attempt}) went to the poison queue; the push sweep takes it up.")]
        public static partial void Dropped(ILogger logger, int attempt);
    }
}

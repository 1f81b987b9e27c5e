using Microsoft.Extensions.Logging;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Limits;

/// <summary>
/// About how far the workers are behind. A look is two queue calls beside the request that starts it, which doesn't wait: one at
/// a time, at most every <see cref="Interval"/>, and while there is no pressure only every <see cref="RequestsPerLook"/> requests,
/// so at most two calls in a hundred requests. Queue <c>webhooks</c> doesn't count: one dead endpoint fills it for a week.
/// </summary>
public sealed partial class QueueBacklog(IQueueStore queues, RelayLimits limits, TimeProvider time, ILogger<QueueBacklog> logger)
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    internal const int RequestsPerLook = 100;

    /// <summary>What was seen longer ago says nothing.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    private Seen _last = new(DateTimeOffset.MinValue, 0, 0);
    private long _nextLook;
    private int _requests;
    private int _isLooking;

    /// <summary>From 0 (below the soft limit) to 1 (at the hard one); counts the request.</summary>
    internal double Outbound()
    {
        Seen seen = Note();
        return Math.Max(Share(seen.Outbound), Share(seen.Inbound));
    }

    /// <summary>The same for queue <c>inbound</c> alone.</summary>
    internal double Inbound() => Share(Note().Inbound);

    private double Share(int count) =>
        limits.BacklogSoft == 0 ? 0 : Math.Clamp((count - limits.BacklogSoft) / (double)Math.Max(1, limits.BacklogHard - limits.BacklogSoft), 0, 1);

    private Seen Note()
    {
        if (limits.BacklogSoft == 0)
        {
            return _last;
        }

        DateTimeOffset now = time.GetUtcNow();
        Seen last = Volatile.Read(ref _last);
        int requests = Interlocked.Increment(ref _requests);
        bool isPressed = Math.Max(last.Outbound, last.Inbound) > limits.BacklogSoft;
        if ((requests >= RequestsPerLook || isPressed) && now.UtcTicks >= Volatile.Read(ref _nextLook) && Interlocked.Exchange(ref _isLooking, 1) == 0)
        {
            _ = LookAsync(now);
        }

        last = Volatile.Read(ref _last);
        return now - last.At < Life ? last : last with { Outbound = 0, Inbound = 0 };
    }

    private async Task LookAsync(DateTimeOffset now)
    {
        try
        {
            Volatile.Write(ref _requests, 0);
            Volatile.Write(ref _nextLook, now.UtcTicks + Interval.Ticks);
            int outbound = await queues.CountAsync(QueueNames.Outbound, CancellationToken.None);
            int inbound = await queues.CountAsync(QueueNames.Inbound, CancellationToken.None);
            if (Math.Max(outbound, inbound) > limits.BacklogSoft)
            {
                Log.Behind(logger, outbound, inbound);
            }

            Volatile.Write(ref _last, new Seen(time.GetUtcNow(), outbound, inbound));
        }
        catch (Exception e) when (DependencyFaults.IsAway(e))
        {
            // Then the put of whoever comes next fails too, or doesn't: nothing is refused for what can't be seen.
            Log.NotSeen(logger, FaultKind.Of(e));
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    private sealed record Seen(DateTimeOffset At, int Outbound, int Inbound);

    private static partial class Log
    {
        [LoggerMessage(401, LogLevel.Warning, "The workers are behind: {Outbound} messages in queue outbound, {Inbound} in queue inbound. Less is accepted.")]
        internal static partial void Behind(ILogger logger, int outbound, int inbound);

        [LoggerMessage(402, LogLevel.Information, "The queues could not be counted: {Fault}.")]
        internal static partial void NotSeen(ILogger logger, FaultKind fault);
    }
}

using Microsoft.Extensions.Logging;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.LocalHost;

/// <summary>
/// Keeps a taken message hidden while its function runs, by renewing at half of the time. A process that dies renews no
/// more, so the message comes back by itself.
/// </summary>
internal sealed partial class MessageLease : IDisposable
{
    private readonly PeriodicTimer _timer;
    private readonly Task _renewals;
    private QueueItem _item;

    public MessageLease(IQueueStore store, string queue, QueueItem item, TimeSpan hidden, TimeProvider time, ILogger logger)
    {
        _item = item;
        _timer = new PeriodicTimer(hidden / 2, time);
        _renewals = RenewAsync(store, queue, hidden, logger);
    }

    /// <summary>Ends the renewals and returns the message with its newest receipt.</summary>
    public async Task<QueueItem> ReleaseAsync()
    {
        _timer.Dispose();
        await _renewals;
        return _item;
    }

    public void Dispose() => _timer.Dispose();

    private async Task RenewAsync(IQueueStore store, string queue, TimeSpan hidden, ILogger logger)
    {
        // Never cancelled half-way: a renewal whose answer is lost would leave us with a dead receipt.
        while (await _timer.WaitForNextTickAsync(CancellationToken.None))
        {
            try
            {
                if (await store.HideAsync(queue, _item, hidden, CancellationToken.None) is not { } renewed)
                {
                    return;
                }

                _item = renewed;
            }
            catch (Exception fault)
            {
                Log.RenewalFailed(logger, new QueueName(queue), FaultKind.Of(fault));
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(9006, LogLevel.Warning, "A message of {Queue} could not be kept hidden: {Fault}.")]
        public static partial void RenewalFailed(ILogger logger, QueueName queue, FaultKind fault);
    }
}

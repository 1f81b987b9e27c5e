using Relay.Shared.Conversations;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Maintenance;

/// <summary>
/// Parked envelopes of numbers with a retention of their own: each is noted in <see cref="DueIndex"/> before it is parked, so that <see cref="EraseDue"/>
/// comes by within twenty minutes of its end.
/// </summary>
public sealed class EndParked(ParkedStore parked, DueIndex due, IRetentionPeriods periods, TimeProvider time)
{
    /// <summary>What is parked so late may lie for so long beyond its end: a note for less might be taken away before the row that it stands for is written.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    /// <summary>Notes when an item is to go; false when it is to go now.</summary>
    internal async Task<bool> NoteAsync(WorkItem item, CancellationToken cancellationToken)
    {
        if (await FindPeriodAsync(item, cancellationToken) is not { } period)
        {
            return true;
        }

        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset end = item.Accepted + period;
        if (end <= now)
        {
            return false;
        }

        await due.NoteAsync(item.Key, item.Number, end > now + Slack ? end : now + Slack, cancellationToken);
        return true;
    }

    /// <summary>Deletes what is past its end, and notes anew what is kept longer by now.</summary>
    internal async Task ExecuteAsync(BusinessId business, CancellationToken cancellationToken)
    {
        List<string> ended = [];
        await foreach (ParkedItem item in parked.ListAsync(business, cancellationToken))
        {
            if (item.Read() is { } parsed && !await NoteAsync(parsed, cancellationToken))
            {
                ended.Add(item.RowKey);
            }
        }

        await parked.RemoveAsync(business, ended, cancellationToken);
    }

    /// <summary>Null also for a number that can't be opened any more: its business is being closed, and all of it goes.</summary>
    private async Task<TimeSpan?> FindPeriodAsync(WorkItem item, CancellationToken cancellationToken)
    {
        try
        {
            return await periods.FindAsync(item.Key.Business, item.Number, cancellationToken);
        }
        catch (SealBrokenException)
        {
            return null;
        }
    }
}

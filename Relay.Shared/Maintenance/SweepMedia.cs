using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Media;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;

namespace Relay.Shared.Maintenance;

/// <summary>
/// Deletes files whose time is over, in turns, so that a business with many keeps no other waiting; and whatever lies in the container for days that are dead. Ids are
/// good for nothing and keys are gone by then. Killed anywhere, the next run goes on.
/// </summary>
public sealed partial class SweepMedia(BusinessStore businesses, RemoveFiles files, MediaBlobs blobs, TimeProvider time, ILogger<SweepMedia> logger)
{
    /// <summary>So that a month without timers is caught up with.</summary>
    private const int DaysBack = 31;

    private const int FilesPerTurn = 500;
    private const int BlobsAtOnce = 500;

    internal async Task ExecuteAsync(UtcDay firstLive, DateTimeOffset end, CancellationToken cancellationToken)
    {
        int deleted = 0;
        bool isMore = true;
        while (isMore && time.GetUtcNow() < end)
        {
            isMore = false;
            await foreach (BusinessId business in businesses.ListAsync(cancellationToken))
            {
                int rows = await TryAsync(business, () => files.ExecuteAsync(business, MediaKey.DueBy(business, time.GetUtcNow(), FilesPerTurn), cancellationToken));
                deleted += rows;
                isMore |= rows == FilesPerTurn;
            }
        }

        if (deleted > 0)
        {
            Log.Swept(logger, deleted);
        }

        await DeleteLeftAsync(firstLive, end, cancellationToken);
    }

    /// <summary>What no row leads to: somebody died between the deletion of a conversation's files and the writing of one more.</summary>
    private async Task DeleteLeftAsync(UtcDay firstLive, DateTimeOffset end, CancellationToken cancellationToken)
    {
        int deleted = 0;
        for (int back = DaysBack; back >= 1 && time.GetUtcNow() < end; back--)
        {
            int some;
            do
            {
                some = await blobs.DeleteAsync(firstLive.AddDays(-back), null, BlobsAtOnce, cancellationToken);
                deleted += some;
            }
            while (some == BlobsAtOnce && time.GetUtcNow() < end);
        }

        if (deleted > 0)
        {
            Log.Left(logger, deleted);
        }
    }

    /// <summary>A business whose files can't be deleted now keeps no other's.</summary>
    private async Task<int> TryAsync(BusinessId business, Func<Task<int>> step)
    {
        try
        {
            return await step();
        }
        catch (Exception e) when (DependencyFaults.IsAway(e) || e is InvalidDataException)
        {
            Log.NotSwept(logger, business, FaultKind.Of(e));
            return 0;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(350, LogLevel.Information, "{Count} media rows deleted, with their files.")]
        internal static partial void Swept(ILogger logger, int count);

        [LoggerMessage(351, LogLevel.Warning, "{Count} files of past days deleted that no row led to.")]
        internal static partial void Left(ILogger logger, int count);

        [LoggerMessage(352, LogLevel.Error, "Files of business {Business} could not be deleted ({Fault}); the next run tries again.")]
        internal static partial void NotSwept(ILogger logger, BusinessId business, FaultKind fault);
    }
}

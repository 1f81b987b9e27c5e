using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Transport.Attachments;

/// <summary>Deletes the attachments of dead days, by the day that their names begin with; what a run leaves the next one finds.</summary>
public sealed class DeleteAttachments(TransportStorage storage, TimeProvider time)
{
    /// <summary>So that a month without timers is caught up with.</summary>
    private const int DaysBack = 31;

    private const int Slice = 500;
    private const int AtOnce = 10;

    /// <summary>Of a run; the host ends a function after five minutes.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(3);

    internal async Task<int> ExecuteAsync(UtcDay firstLive, CancellationToken cancellationToken)
    {
        DateTimeOffset end = time.GetUtcNow() + MaxTime;
        int deleted = 0;
        for (int back = DaysBack; back >= 1; back--)
        {
            string prefix = AttachmentId.Prefix(firstLive.AddDays(-back));
            IReadOnlyList<string> slice;
            do
            {
                slice = await storage.Blobs.ListAsync(ContainerNames.Attachments, prefix, Slice, cancellationToken);
                foreach (string[] together in slice.Chunk(AtOnce))
                {
                    await Task.WhenAll(together.Select(name => storage.Blobs.DeleteAsync(ContainerNames.Attachments, name, cancellationToken)));
                }

                deleted += slice.Count;
                if (time.GetUtcNow() >= end)
                {
                    return deleted;
                }
            }
            while (slice.Count == Slice);
        }

        return deleted;
    }
}

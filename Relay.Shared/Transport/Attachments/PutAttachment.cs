using System.Buffers;
using System.Runtime.CompilerServices;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Attachments;

/// <summary>Keeps encrypted bytes for whoever is told their id. They are stored as they come, and nothing is left of what doesn't come whole.</summary>
public sealed class PutAttachment(TransportStorage storage, AttachmentQuota quota, TimeProvider time)
{
    private const int BlockSize = 1024 * 1024;

    /// <param name="device">Who leaves them.</param>
    /// <param name="content">At most <see cref="TransportLimits.MaxAttachmentBytes"/>; the caller sees to that.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<TransportResult<AttachmentResponse>> ExecuteAsync(AuthenticatedDevice device, Stream content, CancellationToken cancellationToken)
    {
        if (await quota.CheckAsync(device, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        byte[] block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            int first = await ReadAsync(content, block, cancellationToken);
            if (first == 0)
            {
                return TransportFailures.BadRequest("The body is empty.");
            }

            Counted counted = new();
            AttachmentId id = AttachmentId.Create(UtcDay.Today(time));
            await storage.Blobs.PutAsync(ContainerNames.Attachments, id.BlobName, BlocksAsync(content, block, first, counted, cancellationToken), cancellationToken);
            await quota.AddAsync(device, counted.Bytes, cancellationToken);
            return new AttachmentResponse(id.Value);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> BlocksAsync(
        Stream content, byte[] block, int first, Counted counted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int count = first; count > 0; count = count < BlockSize ? 0 : await ReadAsync(content, block, cancellationToken))
        {
            counted.Bytes += count;
            yield return block.AsMemory(0, count);
        }
    }

    private static async Task<int> ReadAsync(Stream content, byte[] block, CancellationToken cancellationToken) =>
        await content.ReadAtLeastAsync(block.AsMemory(0, BlockSize), BlockSize, throwOnEndOfStream: false, cancellationToken);

    private sealed class Counted
    {
        public long Bytes { get; set; }
    }
}

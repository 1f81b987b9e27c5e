using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Relay.Shared.Storage;

namespace Relay.Shared.Azure;

/// <summary>
/// Blobs of a storage account. Blocks are staged one by one and become a blob by one commit, and only where there is none of that name. The SDK repeats a commit whose
/// answer was lost, so one that had succeeded may come back as false: callers give a name to one content. Blocks that are never committed are the service's to forget.
/// </summary>
public sealed class AzureBlobStore : IBlobStore
{
    private readonly BlobServiceClient _service;
    private readonly ConcurrentDictionary<string, BlobContainerClient> _clients = new(StringComparer.Ordinal);

    internal AzureBlobStore(BlobServiceClient service) => _service = service;

    public async Task<bool> PutAsync(string container, string name, IAsyncEnumerable<ReadOnlyMemory<byte>> blocks, CancellationToken cancellationToken)
    {
        BlobGuard.CheckName(name);
        BlockBlobClient blob = Client(container).GetBlockBlobClient(name);
        List<string> staged = [];

        // Ids of our own: two who write the same blob at once must not commit each other's blocks.
        byte[] id = [.. RandomNumberGenerator.GetBytes(12), 0, 0, 0, 0];
        await foreach (ReadOnlyMemory<byte> block in blocks.WithCancellation(cancellationToken))
        {
            BlobGuard.CheckBlock(block);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(staged.Count, BlobLimits.MaxBlocks, nameof(blocks));
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(id.AsSpan(12), staged.Count);
            staged.Add(Convert.ToBase64String(id));
            await StageAsync(blob, container, staged[^1], block, cancellationToken);
        }

        ArgumentOutOfRangeException.ThrowIfZero(staged.Count, nameof(blocks));
        return await CommitAsync(blob, container, staged, cancellationToken);
    }

    public async Task<int?> ReadAsync(string container, string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        BlobGuard.CheckName(name);
        BlobDownloadOptions range = new() { Range = new HttpRange(offset, buffer.Length) };
        try
        {
            using BlobDownloadStreamingResult answer = await Client(container).GetBlobClient(name).DownloadStreamingAsync(range, cancellationToken);
            return await answer.Content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.InvalidRange)
        {
            // At its end, or behind it.
            return 0;
        }
        catch (Exception e) when (AzureFault.Is(e, cancellationToken))
        {
            throw AzureFault.From(e, "blob read", container);
        }
    }

    public async Task DeleteAsync(string container, string name, CancellationToken cancellationToken)
    {
        BlobGuard.CheckName(name);
        try
        {
            await Client(container).GetBlobClient(name).DeleteAsync(DeleteSnapshotsOption.None, null, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            // As good as deleted.
        }
        catch (Exception e) when (AzureFault.Is(e, cancellationToken))
        {
            throw AzureFault.From(e, "blob delete", container);
        }
    }

    public async Task<IReadOnlyList<string>> ListAsync(string container, string prefix, int limit, CancellationToken cancellationToken)
    {
        BlobGuard.CheckPrefix(prefix);
        BlobGuard.CheckLimit(limit);
        List<string> names = [];
        try
        {
            // A page may be short, or empty, and not be the last.
            await foreach (Page<BlobItem> page in Client(container)
                .GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellationToken).AsPages(null, limit))
            {
                names.AddRange(page.Values.Select(blob => blob.Name).Take(limit - names.Count));
                if (names.Count == limit)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (AzureFault.Is(e, cancellationToken))
        {
            throw AzureFault.From(e, "blob list", container);
        }

        return names;
    }

    public async Task EnsureContainersAsync(IReadOnlyCollection<string> containers, CancellationToken cancellationToken)
    {
        foreach (string container in containers)
        {
            BlobGuard.CheckContainer(container);
            try
            {
                await Client(container).CreateIfNotExistsAsync(PublicAccessType.None, cancellationToken: cancellationToken);
            }
            catch (Exception e) when (AzureFault.Is(e, cancellationToken))
            {
                throw AzureFault.From(e, "container create", container);
            }
        }
    }

    private static async Task StageAsync(BlockBlobClient blob, string container, string id, ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        using MemoryStream content = MemoryMarshal.TryGetArray(block, out ArraySegment<byte> array) ? new(array.Array ?? [], array.Offset, array.Count, writable: false) : new(block.ToArray(), writable: false);
        try
        {
            await blob.StageBlockAsync(id, content, null, cancellationToken);
        }
        catch (Exception e) when (AzureFault.Is(e, cancellationToken))
        {
            throw AzureFault.From(e, "block put", container);
        }
    }

    private static async Task<bool> CommitAsync(BlockBlobClient blob, string container, List<string> staged, CancellationToken cancellationToken)
    {
        CommitBlockListOptions options = new() { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
        try
        {
            await blob.CommitBlockListAsync(staged, options, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobAlreadyExists || e.Status == 412)
        {
            return false;
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.InvalidBlockList)
        {
            // Who committed first has dropped all other blocks of this name; where nobody has, it is a fault.
            return await ExistsAsync(blob, container, cancellationToken) ? false : throw AzureFault.From(e, "blob commit", container);
        }
        catch (Exception e) when (AzureFault.Is(e, cancellationToken))
        {
            throw AzureFault.From(e, "blob commit", container);
        }
    }

    private static async Task<bool> ExistsAsync(BlockBlobClient blob, string container, CancellationToken cancellationToken)
    {
        try
        {
            return await blob.ExistsAsync(cancellationToken);
        }
        catch (Exception e) when (AzureFault.Is(e, cancellationToken))
        {
            throw AzureFault.From(e, "blob head", container);
        }
    }

    private BlobContainerClient Client(string container) => _clients.GetOrAdd(container, static (name, service) => service.GetBlobContainerClient(name), _service);
}

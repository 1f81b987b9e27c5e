using System.Collections.Concurrent;

namespace Relay.Shared.Storage.Memory;

/// <summary>Blobs in memory, with the port's guarantees: for tests and for a relay without an account.</summary>
public sealed class MemoryBlobStore : IBlobStore
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, byte[][]>> _containers = new(StringComparer.Ordinal);

    public async Task<bool> PutAsync(string container, string name, IAsyncEnumerable<ReadOnlyMemory<byte>> blocks, CancellationToken cancellationToken)
    {
        BlobGuard.CheckName(name);
        ConcurrentDictionary<string, byte[][]> blobs = Container(container, "blob put");
        List<byte[]> written = [];
        await foreach (ReadOnlyMemory<byte> block in blocks.WithCancellation(cancellationToken))
        {
            BlobGuard.CheckBlock(block);
            written.Add(block.ToArray());
        }

        return written.Count is > 0 and <= BlobLimits.MaxBlocks
            ? blobs.TryAdd(name, [.. written])
            : throw new ArgumentException("A blob has 1 or more blocks.", nameof(blocks));
    }

    public Task<int?> ReadAsync(string container, string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        BlobGuard.CheckName(name);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<int?>(Container(container, "blob read").TryGetValue(name, out byte[][]? blocks) ? Copy(blocks, offset, buffer.Span) : null);
    }

    public Task DeleteAsync(string container, string name, CancellationToken cancellationToken)
    {
        BlobGuard.CheckName(name);
        cancellationToken.ThrowIfCancellationRequested();
        Container(container, "blob delete").TryRemove(name, out _);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ListAsync(string container, string prefix, int limit, CancellationToken cancellationToken)
    {
        BlobGuard.CheckPrefix(prefix);
        BlobGuard.CheckLimit(limit);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<string>>([.. Container(container, "blob list").Keys
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Take(limit)]);
    }

    public Task EnsureContainersAsync(IReadOnlyCollection<string> containers, CancellationToken cancellationToken)
    {
        foreach (string container in containers)
        {
            BlobGuard.CheckContainer(container);
            _containers.TryAdd(container, new ConcurrentDictionary<string, byte[][]>(StringComparer.Ordinal));
        }

        return Task.CompletedTask;
    }

    /// <summary>For tests: every blob with its content.</summary>
    internal IReadOnlyList<(string Name, byte[] Content)> Everything() =>
        [.. _containers.SelectMany(container => container.Value).Select(blob => (blob.Key, blob.Value.SelectMany(block => block).ToArray()))];

    /// <summary>The same blobs somewhere else.</summary>
    internal MemoryBlobStore Copy()
    {
        MemoryBlobStore copy = new();
        foreach ((string container, ConcurrentDictionary<string, byte[][]> blobs) in _containers)
        {
            copy._containers[container] = new ConcurrentDictionary<string, byte[][]>(blobs, StringComparer.Ordinal);
        }

        return copy;
    }

    private ConcurrentDictionary<string, byte[][]> Container(string container, string operation) =>
        _containers.TryGetValue(container, out ConcurrentDictionary<string, byte[][]>? blobs) ? blobs : throw new StorageFaultException(operation, container, 404, "ContainerNotFound");

    private static int Copy(byte[][] blocks, long offset, Span<byte> buffer)
    {
        int copied = 0;
        foreach (byte[] block in blocks)
        {
            if (offset >= block.Length)
            {
                offset -= block.Length;
                continue;
            }

            int count = Math.Min(block.Length - (int)offset, buffer.Length - copied);
            block.AsSpan((int)offset, count).CopyTo(buffer[copied..]);
            copied += count;
            offset = 0;
        }

        return copied;
    }
}

// A file's blob, {day}/{biz}/{file}, is one sealed blob after the other, each of 64 KiB of the file but for the last. The place of chunk i is
// (media, biz, file, "file", 0, i, i + 1 if it is the last, else 0): none can be moved, left out, put in twice or cut off.
using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Media;

/// <summary>Seals files into blobs and opens them again, a megabyte at a time and never as a whole.</summary>
public sealed class MediaBlobs(IBlobStore blobs, Sealer sealer)
{
    internal const int ChunkSize = 64 * 1024;

    /// <summary>What a block holds sealed is just below a megabyte, so that a pool's buffer of one does.</summary>
    internal const int ChunksPerBlock = 15;

    internal const int SealedChunkSize = ChunkSize + SealedBlob.Overhead;

    private const string Column = "file";

    /// <summary>Seals a file under a day's key; where it is there already, it stays. What the stream throws ends it, and then nothing is there.</summary>
    internal Task PutAsync(BusinessId business, MediaFileId file, UtcDay day, Stream content, CancellationToken cancellationToken) =>
        blobs.PutAsync(ContainerNames.Media, Name(business, file, day), SealAsync(business, file, day, content, cancellationToken), cancellationToken);

    /// <summary>Opens a file from a place in it on; null when it is gone.</summary>
    internal async Task<MediaFileReader?> OpenAsync(BusinessId business, MediaFileId file, UtcDay day, long size, long from, CancellationToken cancellationToken)
    {
        MediaFileReader reader = new(this, new MediaFilePlace(business, file, day, size), from);
        if (await reader.BeginAsync(cancellationToken))
        {
            return reader;
        }

        await reader.DisposeAsync();
        return null;
    }

    internal Task DeleteAsync(BusinessId business, MediaFileId file, UtcDay day, CancellationToken cancellationToken) =>
        blobs.DeleteAsync(ContainerNames.Media, Name(business, file, day), cancellationToken);

    /// <summary>Deletes what lies in the container for a day, or for a business's day, rows or not; says how much.</summary>
    internal async Task<int> DeleteAsync(UtcDay day, BusinessId? business, int limit, CancellationToken cancellationToken)
    {
        string prefix = business is { } of ? $"{day.Key}/{of.Value}/" : $"{day.Key}/";
        IReadOnlyList<string> names = await blobs.ListAsync(ContainerNames.Media, prefix, limit, cancellationToken);
        foreach (string name in names)
        {
            await blobs.DeleteAsync(ContainerNames.Media, name, cancellationToken);
        }

        return names.Count;
    }

    /// <summary>Reads whole chunks, as many as fit; null when the blob, or its day's key, is gone.</summary>
    internal async Task<int?> ReadAsync(MediaFilePlace place, int chunk, Memory<byte> plain, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int wanted = Math.Min(ChunksPerBlock, place.Chunks - chunk);
        int last = place.LastChunkSize + SealedBlob.Overhead;
        int length = chunk + wanted == place.Chunks ? ((wanted - 1) * SealedChunkSize) + last : wanted * SealedChunkSize;
        int? read = await blobs.ReadAsync(ContainerNames.Media, Name(place.Business, place.File, place.Day), (long)chunk * SealedChunkSize, buffer[..length], cancellationToken);
        if (read is null)
        {
            return null;
        }

        if (read != length)
        {
            throw new SealBrokenException();
        }

        int opened = 0;
        for (int i = 0; i < wanted; i++)
        {
            bool isLast = chunk + i + 1 == place.Chunks;
            Memory<byte> blob = buffer.Slice(i * SealedChunkSize, isLast ? last : SealedChunkSize);
            Memory<byte> into = plain.Slice(opened, blob.Length - SealedBlob.Overhead);
            if (!await sealer.OpenAsync(place.Business.Value, Place(place.Business, place.File, chunk + i, isLast), blob, into, cancellationToken))
            {
                return null;
            }

            opened += into.Length;
        }

        return opened;
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> SealAsync(
        BusinessId business, MediaFileId file, UtcDay day, Stream content, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(ChunksPerBlock * SealedChunkSize);
        byte[] plain = ArrayPool<byte>.Shared.Rent(2 * ChunkSize);
        Memory<byte> current = plain.AsMemory(0, ChunkSize);
        Memory<byte> next = plain.AsMemory(ChunkSize, ChunkSize);
        try
        {
            int filled = 0;
            int chunk = 0;
            int count = await ReadAsync(content, current, cancellationToken);
            while (true)
            {
                // Whether a chunk is the last is known only when there is no next one.
                int following = count < ChunkSize ? 0 : await ReadAsync(content, next, cancellationToken);
                bool isLast = following == 0;
                int length = count + SealedBlob.Overhead;
                await sealer.SealAsync(business.Value, day, Place(business, file, chunk, isLast), current[..count], block.AsMemory(filled, length), cancellationToken);
                filled += length;
                chunk++;
                if (isLast || chunk % ChunksPerBlock == 0)
                {
                    yield return block.AsMemory(0, filled);
                    filled = 0;
                }

                if (isLast)
                {
                    yield break;
                }

                (current, next, count) = (next, current, following);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
            ArrayPool<byte>.Shared.Return(plain);
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private static async Task<int> ReadAsync(Stream content, Memory<byte> chunk, CancellationToken cancellationToken) =>
        await content.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, cancellationToken);

    private static string Name(BusinessId business, MediaFileId file, UtcDay day) => $"{day.Key}/{business.Value}/{file.Hex}";

    private static SealedPlace Place(BusinessId business, MediaFileId file, int chunk, bool isLast) =>
        new(ContainerNames.Media, business.Value, file.Hex, Column, 0, chunk, isLast ? chunk + 1 : 0);
}

using System.Buffers;
using System.Security.Cryptography;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Media;

/// <summary>Which sealed file, and how large it is inside.</summary>
internal readonly record struct MediaFilePlace(BusinessId Business, MediaFileId File, UtcDay Day, long Size)
{
    internal int Chunks => checked((int)((Size + MediaBlobs.ChunkSize - 1) / MediaBlobs.ChunkSize));

    internal int LastChunkSize => (int)(Size - ((Chunks - 1L) * MediaBlobs.ChunkSize));
}

/// <summary>Reads a sealed file, opened, a megabyte at a time. A file that goes while it is read ends with a fault, never early.</summary>
internal sealed class MediaFileReader : ForwardStream
{
    private readonly MediaBlobs _blobs;
    private readonly MediaFilePlace _place;
    private readonly long _start;
    private readonly byte[] _plain = ArrayPool<byte>.Shared.Rent(MediaBlobs.ChunksPerBlock * MediaBlobs.ChunkSize);
    private readonly byte[] _sealed = ArrayPool<byte>.Shared.Rent(MediaBlobs.ChunksPerBlock * MediaBlobs.SealedChunkSize);
    private int _chunk;
    private int _from;
    private int _until;
    private bool _disposed;

    internal MediaFileReader(MediaBlobs blobs, MediaFilePlace place, long from)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(from, place.Size);
        _blobs = blobs;
        _place = place;
        _start = from;
        _chunk = (int)(from / MediaBlobs.ChunkSize);
    }

    /// <summary>Reads ahead; false when there is no such file.</summary>
    internal async Task<bool> BeginAsync(CancellationToken cancellationToken)
    {
        int within = (int)(_start % MediaBlobs.ChunkSize);
        bool found = await FillAsync(cancellationToken);
        _from = within;
        return found;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_from == _until && _chunk < _place.Chunks && buffer.Length > 0 && !await FillAsync(cancellationToken))
        {
            throw new StorageFaultException("blob read", ContainerNames.Media, 404, "BlobNotFound");
        }

        int count = Math.Min(buffer.Length, _until - _from);
        _plain.AsMemory(_from, count).CopyTo(buffer);
        _from += count;
        return count;
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (await _blobs.ReadAsync(_place, _chunk, _plain, _sealed, cancellationToken) is not { } count)
        {
            return false;
        }

        (_from, _until) = (0, count);
        _chunk += (count + MediaBlobs.ChunkSize - 1) / MediaBlobs.ChunkSize;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            CryptographicOperations.ZeroMemory(_plain);
            ArrayPool<byte>.Shared.Return(_plain);
            ArrayPool<byte>.Shared.Return(_sealed);
        }

        base.Dispose(disposing);
    }
}

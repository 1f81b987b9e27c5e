using System.Buffers;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Attachments;

/// <summary>Gives encrypted bytes to a registered device that knows their id, whoever left them and for whom.</summary>
public sealed class OpenAttachment(TransportStorage storage, TimeProvider time)
{
    /// <summary>The caller disposes of what it gets.</summary>
    public async Task<TransportResult<AttachmentContent>> ExecuteAsync(AuthenticatedDevice device, string id, CancellationToken cancellationToken)
    {
        if (!AttachmentId.TryParse(id, out AttachmentId parsed) || parsed.Day < Retention.FirstLiveDay(UtcDay.Today(time)))
        {
            return TransportFailures.UnknownAttachment;
        }

        AttachmentContent content = new(storage.Blobs, parsed.BlobName);
        if (await content.ReadNextAsync(cancellationToken))
        {
            return content;
        }

        content.Dispose();
        return TransportFailures.UnknownAttachment;
    }
}

/// <summary>An attachment as it is read, a megabyte at a time. One that goes while it is read ends with a fault, never early.</summary>
public sealed class AttachmentContent : IDisposable
{
    private const int BlockSize = 1024 * 1024;

    private readonly IBlobStore _blobs;
    private readonly string _name;
    private readonly byte[] _block = ArrayPool<byte>.Shared.Rent(BlockSize);
    private long _offset;
    private int _count;

    internal AttachmentContent(IBlobStore blobs, string name) => (_blobs, _name) = (blobs, name);

    public async Task WriteAsync(Stream to, CancellationToken cancellationToken)
    {
        do
        {
            await to.WriteAsync(_block.AsMemory(0, _count), cancellationToken);
        }
        while (_count == BlockSize && await ReadNextAsync(cancellationToken));
    }

    /// <summary>False where there is nothing: no such attachment, before anything was read of it.</summary>
    internal async Task<bool> ReadNextAsync(CancellationToken cancellationToken)
    {
        int? read = await _blobs.ReadAsync(ContainerNames.Attachments, _name, _offset, _block.AsMemory(0, BlockSize), cancellationToken);
        if (read is null && _offset > 0)
        {
            throw new StorageFaultException("blob read", ContainerNames.Attachments, 404, "BlobNotFound");
        }

        _count = read ?? 0;
        _offset += _count;
        return _count > 0;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_block);
}

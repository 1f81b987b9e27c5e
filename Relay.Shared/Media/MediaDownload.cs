using System.Buffers;
using System.Security.Cryptography;
using Relay.Shared.Storage;

namespace Relay.Shared.Media;

/// <summary>A file, or a part of it, on its way to who asked for it. Prints nothing.</summary>
public sealed class MediaDownload : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly MediaFileReader _content;

    internal MediaDownload(MediaFileReader content, MediaFile file, long from, long count)
    {
        _content = content;
        MimeType = file.MimeType;
        FileName = file.FileName;
        FileSize = file.Size;
        From = from;
        Count = count;
    }

    public string MimeType { get; }

    /// <summary>As its sender calls it; safe to be shown.</summary>
    public string? FileName { get; }

    /// <summary>Of the whole file.</summary>
    public long FileSize { get; }

    /// <summary>Where the part begins.</summary>
    public long From { get; }

    /// <summary>How many bytes come.</summary>
    public long Count { get; }

    /// <summary>All of the part, or a fault.</summary>
    public async Task WriteAsync(Stream to, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (long left = Count; left > 0;)
            {
                int read = await _content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellationToken);
                if (read == 0)
                {
                    throw new StorageFaultException("blob read", ContainerNames.Media, 0, null);
                }

                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                left -= read;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public ValueTask DisposeAsync() => _content.DisposeAsync();

    public override string ToString() => nameof(MediaDownload);
}

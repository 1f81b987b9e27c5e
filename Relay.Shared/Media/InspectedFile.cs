using System.Security.Cryptography;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Media;

/// <summary>
/// Reads a file as it comes and looks at it meanwhile: what its first bytes say, how large it is, its hash. A file that is refused ends there with a
/// <see cref="RefusedFileException"/>. The source is not disposed of.
/// </summary>
/// <param name="source">The file.</param>
/// <param name="judge">Given what the file is, says how large it may be, or why it is refused.</param>
/// <param name="tooLarge">The refusal of a file that is larger than that.</param>
internal sealed class InspectedFile(Stream source, Func<FileFormat, Result<long, GraphError>> judge, Func<long, GraphError> tooLarge) : ForwardStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _head = new byte[RecogniseFile.HeadSize];
    private int _headFrom;
    private int _headUntil;
    private long _limit = -1;

    /// <summary>Known from the first read on.</summary>
    internal FileFormat Format { get; private set; }

    /// <summary>So far.</summary>
    internal long Size { get; private set; }

    /// <summary>Of the whole file; null before its end.</summary>
    internal byte[]? Sha256 { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_limit < 0)
        {
            await BeginAsync(cancellationToken);
        }

        if (buffer.Length == 0)
        {
            return 0;
        }

        int count = Math.Min(buffer.Length, _headUntil - _headFrom);
        if (count > 0)
        {
            _head.AsMemory(_headFrom, count).CopyTo(buffer);
            _headFrom += count;
            return count;
        }

        count = await source.ReadAsync(buffer, cancellationToken);
        Count(buffer.Span[..count]);
        if (count == 0)
        {
            Sha256 ??= _hash.GetHashAndReset();
        }

        return count;
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        _headUntil = await source.ReadAtLeastAsync(_head, _head.Length, throwOnEndOfStream: false, cancellationToken);
        if (_headUntil == 0)
        {
            throw new RefusedFileException(MediaErrors.Empty);
        }

        Format = RecogniseFile.Of(_head.AsSpan(0, _headUntil));
        if (!judge(Format).TryGet(out long limit, out GraphError? refusal))
        {
            throw new RefusedFileException(refusal);
        }

        _limit = limit;
        Count(_head.AsSpan(0, _headUntil));
    }

    private void Count(ReadOnlySpan<byte> bytes)
    {
        Size += bytes.Length;
        if (Size > _limit)
        {
            throw new RefusedFileException(tooLarge(_limit));
        }

        _hash.AppendData(bytes);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}

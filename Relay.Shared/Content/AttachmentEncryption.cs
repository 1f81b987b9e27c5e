using System.Diagnostics;
using System.Security.Cryptography;
using Relay.Shared.Primitives;

namespace Relay.Shared.Content;

/// <summary>
/// Reads as the encrypted form of a file that is read from another stream, a block at a time and never as a whole. <see cref="Digest"/> and
/// <see cref="FileSize"/> are known once the end was read. The source is not disposed of.
/// </summary>
public sealed class AttachmentEncryption : ForwardStream
{
    private const int PlainBlock = 64 * 1024;

    private readonly Stream _source;
    private readonly Aes _aes;
    private readonly ICryptoTransform _cipher;
    private readonly IncrementalHash _mac;
    private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _plain = new byte[PlainBlock];
    private readonly byte[] _ready = new byte[PlainBlock + (2 * AttachmentFormat.BlockSize) + AttachmentFormat.MacSize];
    private int _from;
    private int _until;
    private long _zerosLeft = -1;
    private bool _ended;

    /// <param name="source">The file.</param>
    /// <param name="key"><see cref="AttachmentFormat.KeySize"/> random bytes, used for this file alone.</param>
    public AttachmentEncryption(Stream source, ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, AttachmentFormat.KeySize);
        _source = source;
        _aes = Aes.Create();
        _aes.Key = key[..AttachmentFormat.AesKeySize].ToArray();
        _cipher = _aes.CreateEncryptor();
        _mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key[AttachmentFormat.AesKeySize..]);
        _aes.IV.CopyTo(_ready, 0);
        _until = AttachmentFormat.IvSize;
        Authenticate();
    }

    /// <summary>How many bytes the source had so far.</summary>
    public long FileSize { get; private set; }

    /// <summary>SHA-256 of all encrypted bytes; null before the end.</summary>
    public byte[]? Digest { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_from == _until && !_ended && buffer.Length > 0)
        {
            await FillAsync(cancellationToken);
        }

        int count = Math.Min(buffer.Length, _until - _from);
        _ready.AsMemory(_from, count).CopyTo(buffer);
        _from += count;
        return count;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        int count = await ReadPlainAsync(cancellationToken);
        _from = 0;
        if (count == _plain.Length)
        {
            _until = _cipher.TransformBlock(_plain, 0, count, _ready, 0);
            Authenticate();
            return;
        }

        byte[] last = _cipher.TransformFinalBlock(_plain, 0, count);
        last.CopyTo(_ready, 0);
        _until = last.Length;
        Authenticate();
        int size = _mac.GetHashAndReset(_ready.AsSpan(_until));
        _digest.AppendData(_ready, _until, size);
        _until += size;
        Digest = _digest.GetHashAndReset();
        _ended = true;
    }

    /// <summary>A block of the file, and behind its end of the padding; fewer bytes only at the end of both.</summary>
    private async ValueTask<int> ReadPlainAsync(CancellationToken cancellationToken)
    {
        int count = 0;
        if (_zerosLeft < 0)
        {
            count = await _source.ReadAtLeastAsync(_plain, _plain.Length, throwOnEndOfStream: false, cancellationToken);
            FileSize += count;
            if (count == _plain.Length)
            {
                return count;
            }

            _zerosLeft = AttachmentFormat.PaddedSize(FileSize) - FileSize;
        }

        int zeros = (int)Math.Min(_zerosLeft, _plain.Length - count);
        Debug.Assert(zeros >= 0, "A padded size is never below the size.");
        _plain.AsSpan(count, zeros).Clear();
        _zerosLeft -= zeros;
        return count + zeros;
    }

    private void Authenticate()
    {
        _mac.AppendData(_ready, _from, _until - _from);
        _digest.AppendData(_ready, _from, _until - _from);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            CryptographicOperations.ZeroMemory(_plain);
            _cipher.Dispose();
            _aes.Dispose();
            _mac.Dispose();
            _digest.Dispose();
        }

        base.Dispose(disposing);
    }
}

using System.Security.Cryptography;
using Relay.Shared.Primitives;

namespace Relay.Shared.Content;

/// <summary>
/// Reads as the file inside an attachment, a block at a time. What is read counts only once the end was read: there, MAC and digest are compared in constant time, and
/// anything amiss is an <see cref="AttachmentBrokenException"/>. Padding is not handed on. The source is not disposed of.
/// </summary>
public sealed class AttachmentDecryption : ForwardStream
{
    private const int CipherBlock = 64 * 1024;

    private readonly Stream _source;
    private readonly AttachmentPointer _pointer;
    private readonly Aes _aes;
    private readonly IncrementalHash _mac;
    private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _cipherText = new byte[CipherBlock + AttachmentFormat.MacSize];
    private readonly byte[] _ready = new byte[CipherBlock + (2 * AttachmentFormat.BlockSize)];
    private ICryptoTransform? _cipher;
    private int _held;
    private int _from;
    private int _until;
    private long _fileLeft;
    private bool _ended;

    /// <param name="source">The encrypted bytes.</param>
    /// <param name="pointer">Well formed.</param>
    public AttachmentDecryption(Stream source, AttachmentPointer pointer)
    {
        if (!pointer.IsWellFormed)
        {
            throw new AttachmentBrokenException();
        }

        _source = source;
        _pointer = pointer;
        _fileLeft = pointer.Size;
        _aes = Aes.Create();
        _aes.Key = pointer.Key[..AttachmentFormat.AesKeySize];
        _mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, pointer.Key.AsSpan(AttachmentFormat.AesKeySize));
    }

    /// <exception cref="AttachmentBrokenException">It is not what the pointer is about.</exception>
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
        if (_cipher is null)
        {
            await BeginAsync(cancellationToken);
        }

        // The last 32 bytes that have come are held back: they may be the MAC.
        int wanted = _cipherText.Length - _held;
        int count = await _source.ReadAtLeastAsync(_cipherText.AsMemory(_held), wanted, throwOnEndOfStream: false, cancellationToken);
        _digest.AppendData(_cipherText, _held, count);
        int text = _held + count - AttachmentFormat.MacSize;
        if (count < wanted)
        {
            End(text);
            return;
        }

        _mac.AppendData(_cipherText, 0, text);
        Hand(_cipher!.TransformBlock(_cipherText, 0, text, _ready, 0));
        _cipherText.AsSpan(text).CopyTo(_cipherText);
        _held = AttachmentFormat.MacSize;
    }

    private async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        byte[] iv = new byte[AttachmentFormat.IvSize];
        if (await _source.ReadAtLeastAsync(iv, iv.Length, throwOnEndOfStream: false, cancellationToken) < iv.Length)
        {
            throw new AttachmentBrokenException();
        }

        _mac.AppendData(iv);
        _digest.AppendData(iv);
        _aes.IV = iv;
        _cipher = _aes.CreateDecryptor();
    }

    private void End(int text)
    {
        if (text < 0 || text % AttachmentFormat.BlockSize != 0)
        {
            throw new AttachmentBrokenException();
        }

        _mac.AppendData(_cipherText, 0, text);
        bool isGenuine = CryptographicOperations.FixedTimeEquals(_mac.GetHashAndReset(), _cipherText.AsSpan(text, AttachmentFormat.MacSize))
            & CryptographicOperations.FixedTimeEquals(_digest.GetHashAndReset(), _pointer.Digest);
        if (!isGenuine)
        {
            throw new AttachmentBrokenException();
        }

        Hand(Final(text));
        if (_fileLeft > 0)
        {
            throw new AttachmentBrokenException();
        }

        _ended = true;
    }

    /// <summary>Padding that is wrong under a right MAC is the sender's mistake, and as broken.</summary>
    private int Final(int text)
    {
        try
        {
            byte[] last = _cipher!.TransformFinalBlock(_cipherText, 0, text);
            last.CopyTo(_ready, 0);
            return last.Length;
        }
        catch (CryptographicException)
        {
            throw new AttachmentBrokenException();
        }
    }

    private void Hand(int count)
    {
        _from = 0;
        _until = (int)Math.Min(count, _fileLeft);
        _fileLeft -= _until;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            CryptographicOperations.ZeroMemory(_ready);
            _cipher?.Dispose();
            _aes.Dispose();
            _mac.Dispose();
            _digest.Dispose();
        }

        base.Dispose(disposing);
    }
}

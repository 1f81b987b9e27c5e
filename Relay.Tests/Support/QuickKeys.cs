using System.Security.Cryptography;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Tests.Support;

/// <summary>Wraps keys in microseconds, where RSA would be most of a test's time. Shows no secret to nobody but is no security either.</summary>
internal sealed class QuickKeys : IKeyWrapper
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public Task<WrappedKey> WrapAsync(string tenant, UtcDay day, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[NonceSize + key.Length + TagSize];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, NonceSize));
        using AesGcm aes = new(_key, TagSize);
        aes.Encrypt(bytes.AsSpan(0, NonceSize), key.Span, bytes.AsSpan(NonceSize, key.Length), bytes.AsSpan(NonceSize + key.Length));
        return Task.FromResult(new WrappedKey($"{tenant}-{day.MonthKey}", bytes));
    }

    public Task<SecretBytes?> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken)
    {
        byte[] key = new byte[wrapped.Bytes.Length - NonceSize - TagSize];
        using AesGcm aes = new(_key, TagSize);
        aes.Decrypt(wrapped.Bytes.AsSpan(0, NonceSize), wrapped.Bytes.AsSpan(NonceSize, key.Length), wrapped.Bytes.AsSpan(NonceSize + key.Length), key);
        return Task.FromResult<SecretBytes?>(SecretBytes.Own(key));
    }

    public Task<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        Task.FromResult(HMACSHA256.HashData(_key, data.Span));

    public Task<bool> VerifyAsync(ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken) =>
        Task.FromResult(CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(_key, data.Span), signature.Span));
}

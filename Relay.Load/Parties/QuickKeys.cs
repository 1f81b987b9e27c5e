using System.Collections.Concurrent;
using System.Security.Cryptography;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Load.Parties;

/// <summary>Wraps keys in microseconds, where RSA would be most of the time. Shows no secret to nobody but is no security either.</summary>
internal sealed class QuickKeys : IKeyWrapper
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private const string SigningName = "signing";

    private readonly ConcurrentDictionary<string, bool> _destroyed = [];
    private readonly byte[] _key;
    private readonly ECDsa _signing;

    public QuickKeys()
        : this(RandomNumberGenerator.GetBytes(32), ECDsa.Create(ECCurve.NamedCurves.nistP256))
    {
    }

    private QuickKeys(byte[] key, ECDsa signing) => (_key, _signing) = (key, signing);

    /// <summary>Opens what these keys wrapped; what is destroyed there is not destroyed here.</summary>
    public QuickKeys Copy() => new(_key, _signing);

    public Task PrepareAsync(KekName kek, CancellationToken cancellationToken) => Task.CompletedTask;

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
        if (_destroyed.ContainsKey(wrapped.KekId))
        {
            throw new StorageFaultException("key unwrap", "test keys", 404, "KeyNotFound");
        }

        byte[] key = new byte[wrapped.Bytes.Length - NonceSize - TagSize];
        using AesGcm aes = new(_key, TagSize);
        aes.Decrypt(wrapped.Bytes.AsSpan(0, NonceSize), wrapped.Bytes.AsSpan(NonceSize, key.Length), wrapped.Bytes.AsSpan(NonceSize + key.Length), key);
        return Task.FromResult<SecretBytes?>(SecretBytes.Own(key));
    }

    public Task<KeySignature> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        Task.FromResult(new KeySignature(SigningName, _signing.SignData(data.Span, HashAlgorithmName.SHA256)));

    public Task<bool> VerifyAsync(ReadOnlyMemory<byte> data, KeySignature signature, CancellationToken cancellationToken) =>
        Task.FromResult(signature.KeyId == SigningName && _signing.VerifyData(data.Span, signature.Bytes, HashAlgorithmName.SHA256));

    public Task<SigningKey?> FindSigningKeyAsync(string? version, CancellationToken cancellationToken)
    {
        ECPoint point = _signing.ExportParameters(includePrivateParameters: false).Q;
        return Task.FromResult(version is null or SigningName && point is { X: { } x, Y: { } y } ? new SigningKey(SigningName, x, y) : null);
    }

    public Task DestroyAsync(KekName kek, CancellationToken cancellationToken)
    {
        _destroyed[kek.ToString()] = true;
        return Task.CompletedTask;
    }
}

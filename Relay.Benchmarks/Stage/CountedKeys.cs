using Relay.Shared.Azure;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Benchmarks.Stage;

/// <summary>A development key vault that counts its unwraps.</summary>
internal sealed class CountedKeys(AdvancedClock time) : IKeyWrapper
{
    private readonly LocalKeyWrapper _inner = new(LocalKeyFile.InMemory());
    private int _unwraps;

    public AdvancedClock Time { get; } = time;

    public int Unwraps => Volatile.Read(ref _unwraps);

    public Task PrepareAsync(KekName kek, CancellationToken cancellationToken) => _inner.PrepareAsync(kek, cancellationToken);

    public Task<WrappedKey> WrapAsync(string tenant, UtcDay day, ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
        _inner.WrapAsync(tenant, day, key, cancellationToken);

    public Task<SecretBytes?> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _unwraps);
        return _inner.UnwrapAsync(wrapped, cancellationToken);
    }

    public Task<KeySignature> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => _inner.SignAsync(data, cancellationToken);

    public Task<bool> VerifyAsync(ReadOnlyMemory<byte> data, KeySignature signature, CancellationToken cancellationToken) =>
        _inner.VerifyAsync(data, signature, cancellationToken);

    public Task<SigningKey?> FindSigningKeyAsync(string? version, CancellationToken cancellationToken) => _inner.FindSigningKeyAsync(version, cancellationToken);

    public Task DestroyAsync(KekName kek, CancellationToken cancellationToken) => _inner.DestroyAsync(kek, cancellationToken);
}

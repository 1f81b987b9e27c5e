using Microsoft.Extensions.DependencyInjection;
using Relay.LocalHost;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Tests.Support;

namespace Relay.Tests.Proof;

/// <summary>A key vault that wraps and unwraps, and while <see cref="IsAway"/> signs nothing.</summary>
internal sealed class VaultWithoutPen(IKeyWrapper inner) : IKeyWrapper
{
    public bool IsAway { get; set; } = true;

    /// <summary>Starts the world's relay anew with this vault over the keys that it has.</summary>
    public Task UseAsync(PairWorld world)
    {
        KeyRing ring = new(world.Relay.Tables, this, world.Time);
        return world.RestartAsync(options => options with { Customize = services => Register(options, services, ring) });
    }

    public Task<KeySignature> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        IsAway ? throw new StorageFaultException("key sign", "test keys", 503, "Away") : inner.SignAsync(data, cancellationToken);

    public Task<WrappedKey> WrapAsync(string tenant, UtcDay day, ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
        inner.WrapAsync(tenant, day, key, cancellationToken);

    public Task<SecretBytes?> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken) => inner.UnwrapAsync(wrapped, cancellationToken);

    public Task<bool> VerifyAsync(ReadOnlyMemory<byte> data, KeySignature signature, CancellationToken cancellationToken) =>
        inner.VerifyAsync(data, signature, cancellationToken);

    public Task<SigningKey?> FindSigningKeyAsync(string? version, CancellationToken cancellationToken) => inner.FindSigningKeyAsync(version, cancellationToken);

    public Task PrepareAsync(KekName kek, CancellationToken cancellationToken) => inner.PrepareAsync(kek, cancellationToken);

    public Task DestroyAsync(KekName kek, CancellationToken cancellationToken) => inner.DestroyAsync(kek, cancellationToken);

    private static void Register(LocalRelayOptions options, IServiceCollection services, KeyRing ring)
    {
        options.Customize(services);
        services.AddSingleton(new RelayKeys(ring, new Sealer(ring, "local")));
    }
}

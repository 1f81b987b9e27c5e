using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Tests.Telemetry;

/// <summary>Blobs that are not there.</summary>
internal sealed class AwayBlobs : IBlobStore
{
    public Task<bool> PutAsync(string container, string name, IAsyncEnumerable<ReadOnlyMemory<byte>> blocks, CancellationToken cancellationToken) => throw Away;

    public Task<int?> ReadAsync(string container, string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken) => throw Away;

    public Task DeleteAsync(string container, string name, CancellationToken cancellationToken) => throw Away;

    public Task<IReadOnlyList<string>> ListAsync(string container, string prefix, int limit, CancellationToken cancellationToken) => throw Away;

    public Task EnsureContainersAsync(IReadOnlyCollection<string> containers, CancellationToken cancellationToken) => Task.CompletedTask;

    private static StorageFaultException Away => new("blob", "media", 0, null);
}

/// <summary>Blobs that take a question and say nothing, whatever the caller's token says.</summary>
internal sealed class HangingBlobs : IBlobStore
{
    public int Asked { get; private set; }

    public bool Answers { get; set; }

    public Task<int?> ReadAsync(string container, string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Asked++;
        return Answers ? Task.FromResult<int?>(null) : new TaskCompletionSource<int?>().Task;
    }

    public Task<bool> PutAsync(string container, string name, IAsyncEnumerable<ReadOnlyMemory<byte>> blocks, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task DeleteAsync(string container, string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> ListAsync(string container, string prefix, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task EnsureContainersAsync(IReadOnlyCollection<string> containers, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>A vault that refuses all.</summary>
internal sealed class AwayWrapper : IKeyWrapper
{
    public Task PrepareAsync(KekName kek, CancellationToken cancellationToken) => throw Away;

    public Task<WrappedKey> WrapAsync(string tenant, UtcDay day, ReadOnlyMemory<byte> key, CancellationToken cancellationToken) => throw Away;

    public Task<SecretBytes?> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken) => throw Away;

    public Task<KeySignature> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => throw Away;

    public Task<bool> VerifyAsync(ReadOnlyMemory<byte> data, KeySignature signature, CancellationToken cancellationToken) => throw Away;

    public Task<SigningKey?> FindSigningKeyAsync(string? version, CancellationToken cancellationToken) => throw Away;

    public Task DestroyAsync(KekName kek, CancellationToken cancellationToken) => throw Away;

    private static StorageFaultException Away => new("sign", "signing", 503, null);
}

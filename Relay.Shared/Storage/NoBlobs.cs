namespace Relay.Shared.Storage;

/// <summary>An account's files, for a role that has no right on any. Any use is a mistake in the code, and an exception here as in Azure.</summary>
public sealed class NoBlobs : IBlobStore
{
    public Task<bool> PutAsync(string container, string name, IAsyncEnumerable<ReadOnlyMemory<byte>> blocks, CancellationToken cancellationToken) => throw Refused(container);

    public Task<int?> ReadAsync(string container, string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken) => throw Refused(container);

    public Task DeleteAsync(string container, string name, CancellationToken cancellationToken) => throw Refused(container);

    public Task<IReadOnlyList<string>> ListAsync(string container, string prefix, int limit, CancellationToken cancellationToken) => throw Refused(container);

    public Task EnsureContainersAsync(IReadOnlyCollection<string> containers, CancellationToken cancellationToken) =>
        containers.Count == 0 ? Task.CompletedTask : throw Refused(containers.First());

    private static InvalidOperationException Refused(string container) => new($"This role has no right on the container '{container}'.");
}

using Relay.Shared.Storage;
using Relay.Tests.Support;

namespace Relay.Tests.Media;

/// <summary>Blobs whose every call is a step of a <see cref="FaultPlan"/>.</summary>
internal sealed class FaultyBlobs(IBlobStore inner, FaultPlan plan) : IBlobStore
{
    private const string Process = "relay";

    public Task<bool> PutAsync(string container, string name, IAsyncEnumerable<ReadOnlyMemory<byte>> blocks, CancellationToken cancellationToken) =>
        plan.StepAsync(Process, "blob:put", container, string.Empty, () => inner.PutAsync(container, name, blocks, cancellationToken));

    public Task<int?> ReadAsync(string container, string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        plan.StepAsync(Process, "blob:read", container, string.Empty, () => inner.ReadAsync(container, name, offset, buffer, cancellationToken));

    public Task DeleteAsync(string container, string name, CancellationToken cancellationToken) => plan.StepAsync(Process, "blob:delete", container, string.Empty, async () =>
    {
        await inner.DeleteAsync(container, name, cancellationToken);
        return true;
    });

    public Task<IReadOnlyList<string>> ListAsync(string container, string prefix, int limit, CancellationToken cancellationToken) =>
        plan.StepAsync(Process, "blob:list", container, string.Empty, () => inner.ListAsync(container, prefix, limit, cancellationToken));

    public Task EnsureContainersAsync(IReadOnlyCollection<string> containers, CancellationToken cancellationToken) => inner.EnsureContainersAsync(containers, cancellationToken);
}

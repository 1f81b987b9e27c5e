using Relay.Shared.Primitives;

namespace Relay.Phone.State;

/// <summary>A state that outlives the device that uses it, but not the process: for tests and benchmarks.</summary>
public sealed class MemoryPhoneState : IPhoneState
{
    private SecretBytes? _saved;

    public Task<SecretBytes?> LoadAsync(CancellationToken cancellationToken) =>
        Task.FromResult(_saved is null ? null : SecretBytes.CopyOf(_saved.Reveal()));

    public Task SaveAsync(SecretBytes state, CancellationToken cancellationToken)
    {
        SecretBytes copy = SecretBytes.CopyOf(state.Reveal());
        _saved?.Dispose();
        _saved = copy;
        return Task.CompletedTask;
    }

    /// <summary>Does nothing: the next device opens the same memory.</summary>
    public void Dispose()
    {
    }
}

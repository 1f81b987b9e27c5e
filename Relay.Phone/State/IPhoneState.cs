using Relay.Shared.Primitives;

namespace Relay.Phone.State;

/// <summary>Where one phone's state lives. A save is all or nothing, and durable when it returns; one owner at a time.</summary>
public interface IPhoneState : IDisposable
{
    /// <summary>What was saved last, or null if nothing was. The caller disposes it.</summary>
    Task<SecretBytes?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Replaces what was saved. The state stays the caller's.</summary>
    Task SaveAsync(SecretBytes state, CancellationToken cancellationToken);
}

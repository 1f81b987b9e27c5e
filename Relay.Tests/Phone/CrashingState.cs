using Relay.Phone.State;
using Relay.Shared.Primitives;

namespace Relay.Tests.Phone;

/// <summary>A memory state whose next save can fail, before or after it took effect.</summary>
internal sealed class CrashingState : IPhoneState
{
    private readonly MemoryPhoneState _memory = new();

    internal bool FailsNextSave { get; set; }

    internal int Saves { get; private set; }

    public Task<SecretBytes?> LoadAsync(CancellationToken cancellationToken) => _memory.LoadAsync(cancellationToken);

    public Task SaveAsync(SecretBytes state, CancellationToken cancellationToken)
    {
        if (FailsNextSave)
        {
            FailsNextSave = false;
            throw new IOException("The disk is full.");
        }

        Saves++;
        return _memory.SaveAsync(state, cancellationToken);
    }

    public void Dispose() => _memory.Dispose();
}

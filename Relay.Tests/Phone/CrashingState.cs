using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Phone.State;
using Relay.Shared.Primitives;

namespace Relay.Tests.Phone;

/// <summary>A memory state whose next save can fail, before or after it took effect.</summary>
internal sealed class CrashingState : IPhoneState
{
    private readonly MemoryPhoneState _memory = new();

    internal bool FailsNextSave { get; set; }

    internal int Saves { get; private set; }

    /// <summary>Of the state saved last.</summary>
    internal int Bytes { get; private set; }

    /// <summary>What was saved last, as JSON.</summary>
    internal async Task<JsonNode> ReadAsync()
    {
        using SecretBytes? saved = await LoadAsync(CancellationToken.None);
        return JsonNode.Parse(saved!.Reveal())!;
    }

    internal async Task WriteAsync(JsonNode state)
    {
        using SecretBytes bytes = SecretBytes.Own(JsonSerializer.SerializeToUtf8Bytes(state));
        await _memory.SaveAsync(bytes, CancellationToken.None);
    }

    public Task<SecretBytes?> LoadAsync(CancellationToken cancellationToken) => _memory.LoadAsync(cancellationToken);

    public Task SaveAsync(SecretBytes state, CancellationToken cancellationToken)
    {
        if (FailsNextSave)
        {
            FailsNextSave = false;
            throw new IOException("The disk is full.");
        }

        Saves++;
        Bytes = state.Length;
        return _memory.SaveAsync(state, cancellationToken);
    }

    public void Dispose() => _memory.Dispose();
}

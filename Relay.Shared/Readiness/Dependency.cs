namespace Relay.Shared.Readiness;

/// <summary>What a role can't work without.</summary>
public enum Dependency
{
    Tables,
    Queues,
    Blobs,
    Vault,
}

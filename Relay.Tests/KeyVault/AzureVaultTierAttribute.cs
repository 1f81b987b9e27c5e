using Relay.Tests.Support;

namespace Relay.Tests.KeyVault;

/// <summary>Runs against a real key vault.</summary>
public sealed class AzureVaultTierAttribute : StorageTierAttribute
{
    private const string Variable = "RELAY_TEST_AZURE_VAULT";

    internal static string? Vault => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } value ? value : null;

    public override string? Missing =>
        Vault is null ? $"Set {Variable} to the https address of a key vault whose keys the signed-in identity may manage and use to run this." : null;
}

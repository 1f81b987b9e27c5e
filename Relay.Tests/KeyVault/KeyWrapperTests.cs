using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Azure.KeyVault;
using Relay.Shared.Hosting;
using Relay.Shared.Sealing;

namespace Relay.Tests.KeyVault;

public sealed class EmulatedKeyWrapperTests : KeyWrapperContract
{
    private static readonly EmulatedVault s_vault = new();

    private protected override IKeyWrapper Connect() => s_vault.Client(new FakeTimeProvider());
}

[AzureVaultTier]
public sealed class AzureKeyWrapperTests : KeyWrapperContract
{
    private protected override IKeyWrapper Connect() => RelayAccounts.OpenVault(
        KeyVaultSettings.Read("Test", name => name == "Test__vaultUri" ? AzureVaultTierAttribute.Vault : null)
            ?? throw new InvalidOperationException("No vault is named."),
        TimeProvider.System);
}

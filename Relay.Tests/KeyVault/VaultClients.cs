using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Keys;
using Relay.Shared.Azure.KeyVault;
using Relay.Tests.Support;

namespace Relay.Tests.KeyVault;

/// <summary>Processes that use an emulated vault through the real SDK, with Relay's retries but without their waiting.</summary>
internal static class VaultClients
{
    internal const int Retries = 3;

    internal static KeyVaultKeyWrapper Client(this EmulatedVault vault, TimeProvider time, FaultPlan? plan = null, string process = "relay") =>
        new(vault.Keys(time, plan, process));

    internal static KeyVaultKeys Keys(this EmulatedVault vault, TimeProvider time, FaultPlan? plan = null, string process = "relay")
    {
        KeyClientOptions options = new() { Transport = new HttpClientTransport(new EmulatedVaultHandler(vault, plan ?? FaultPlan.Nothing(), process)) };
        options.Retry.Mode = RetryMode.Fixed;
        options.Retry.MaxRetries = Retries;
        options.Retry.Delay = TimeSpan.Zero;
        options.Retry.MaxDelay = TimeSpan.Zero;
        return new KeyVaultKeys(vault.Address, new TestCredential(), options, time);
    }
}

using Microsoft.Extensions.DependencyInjection;
using Relay.Functions;
using Relay.Shared.Azure.KeyVault;
using Relay.Shared.Sealing;
using Xunit;

namespace Relay.Tests.KeyVault;

/// <summary>Which vault, and as whom.</summary>
public sealed class KeyVaultSettingsTests
{
    private const string Vault = "https://a.vault.azure.net/";

    [Theory]
    [InlineData("__")]
    [InlineData(":")]
    public void A_vault_is_read_as_Functions_writes_connections(string separator)
    {
        KeyVaultSettings? settings = Read(
            ($"RelayVault{separator}vaultUri", Vault), ($"RelayVault{separator}credential", "managedidentity"), ($"RelayVault{separator}clientId", "id"));
        Assert.Equal(new Uri(Vault), settings?.VaultUri);
        Assert.Equal((true, "id"), (settings?.Identity.UsesManagedIdentity, settings?.Identity.ClientId));
    }

    [Fact]
    public void Without_an_address_there_is_no_vault()
    {
        Assert.Null(Read());
        Assert.Null(Read(("RelayVault__vaultUri", " ")));
        Assert.Null(Read(("RelayVault__credential", "managedidentity")));
        Assert.Null(Read(("TransportVault__vaultUri", Vault)));
    }

    [Theory]
    [InlineData("http://a.vault.azure.net/")]
    [InlineData("a.vault.azure.net")]
    [InlineData("https://a.vault.azure.net/?sig=secret")]
    [InlineData("https://a.vault.azure.net/keys/secret")]
    public void An_address_that_is_none_is_named_and_not_shown(string address)
    {
        InvalidOperationException wrong = Assert.Throws<InvalidOperationException>(() => Read(("RelayVault__vaultUri", address)));
        Assert.Contains("RelayVault__vaultUri", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a.vault", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_managed_identity_may_be_named() =>
        Assert.Throws<InvalidOperationException>(() => Read(("RelayVault__vaultUri", Vault), ("RelayVault__credential", "clientsecret")));

    /// <summary>Nobody could say which keys rule.</summary>
    [Theory]
    [InlineData("Relay", typeof(RelayKeys))]
    [InlineData("Transport", typeof(TransportKeys))]
    public void A_vault_and_a_key_file_at_once_are_refused(string role, Type keys)
    {
        Dictionary<string, string> settings = new()
        {
            ["Relay__Region"] = "test",
            ["Relay__PublicBaseUrl"] = "https://a.example/",
            ["Relay__TransportBaseUrl"] = "https://a.example/",
            ["Relay__AdminToken"] = "token",
            ["Transport__RegistrationKey"] = "key",
            ["Transport__OperatorKey"] = "another key",
            ["RelayStorage__tableServiceUri"] = "https://a.table.core.windows.net/",
            ["RelayStorage__queueServiceUri"] = "https://a.queue.core.windows.net/",
            ["RelayStorage__blobServiceUri"] = "https://a.blob.core.windows.net/",
            ["TransportStorage__tableServiceUri"] = "https://b.table.core.windows.net/",
            ["TransportStorage__queueServiceUri"] = "https://b.queue.core.windows.net/",
            ["TransportStorage__blobServiceUri"] = "https://b.blob.core.windows.net/",
            [$"{role}Vault__vaultUri"] = Vault,
        };
        Assert.NotNull(Services(settings).GetRequiredService(keys));

        settings[$"{role}__LocalKeyFile"] = "/nowhere";
        InvalidOperationException both = Assert.Throws<InvalidOperationException>(() => Services(settings).GetRequiredService(keys));
        Assert.Contains($"{role}Vault__vaultUri and {role}__LocalKeyFile are both set", both.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(Dictionary<string, string> settings) =>
        new ServiceCollection().AddLogging().AddConfiguredRelay(settings.GetValueOrDefault).BuildServiceProvider();

    private static KeyVaultSettings? Read(params (string Name, string Value)[] settings) =>
        KeyVaultSettings.Read("RelayVault", settings.ToDictionary(setting => setting.Name, setting => setting.Value).GetValueOrDefault);
}

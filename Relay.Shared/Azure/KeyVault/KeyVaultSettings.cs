namespace Relay.Shared.Azure.KeyVault;

/// <summary>
/// Where a role's key vault is: <c>Name__vaultUri</c>, and optionally <c>Name__credential</c> and <c>Name__clientId</c> as for storage
/// (<see cref="AzureIdentity"/>).
/// </summary>
/// <param name="VaultUri">Its address: https.</param>
/// <param name="Identity">Who we are there.</param>
public sealed record KeyVaultSettings(Uri VaultUri, AzureIdentity Identity)
{
    /// <summary>Null when no vault is named.</summary>
    /// <param name="name">The connection's name: <c>RelayVault</c> or <c>TransportVault</c>.</param>
    /// <param name="lookup">The host's configuration; members are asked for with <c>__</c> and then with <c>:</c>.</param>
    /// <exception cref="InvalidOperationException">A setting makes no sense.</exception>
    public static KeyVaultSettings? Read(string name, Func<string, string?> lookup)
    {
        string? Member(string member) => NullIfEmpty(lookup($"{name}__{member}")) ?? NullIfEmpty(lookup($"{name}:{member}"));

        return Member("vaultUri") switch
        {
            null => null,
            { } text when Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme == Uri.UriSchemeHttps && uri.PathAndQuery == "/" =>
                new KeyVaultSettings(uri, AzureIdentity.Read(name, Member)),
            _ => throw new InvalidOperationException($"Setting '{name}__vaultUri' must be an https URI without path and query."),
        };
    }

    private static string? NullIfEmpty(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}

using Azure.Core;
using Azure.Identity;

namespace Relay.Shared.Azure;

/// <summary>
/// Who this app is in Azure: <c>Name__credential</c> = <c>managedidentity</c>, optionally with <c>Name__clientId</c>, is its managed identity and nothing
/// else; without it the developer's credentials count too.
/// </summary>
/// <param name="UsesManagedIdentity">The app's managed identity only.</param>
/// <param name="ClientId">The client id of a user-assigned identity; null is the system-assigned one.</param>
public sealed record AzureIdentity(bool UsesManagedIdentity, string? ClientId)
{
    /// <param name="name">The connection's name, for messages.</param>
    /// <param name="member">Looks up a member of the connection; null when it isn't set.</param>
    /// <exception cref="InvalidOperationException">The credential is of another kind.</exception>
    public static AzureIdentity Read(string name, Func<string, string?> member)
    {
        string? credential = member("credential");
        return credential is null || string.Equals(credential, "managedidentity", StringComparison.OrdinalIgnoreCase)
            ? new AzureIdentity(credential is not null, member("clientId"))
            : throw new InvalidOperationException($"Setting '{name}__credential' may only be 'managedidentity'.");
    }

    public TokenCredential CreateCredential() => (UsesManagedIdentity, ClientId) switch
    {
        (true, { } clientId) => new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId)),
        (true, null) => new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned),
        (false, var clientId) => new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = clientId }),
    };
}

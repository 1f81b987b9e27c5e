using Relay.Shared.Primitives;

namespace Relay.Shared.Azure;

/// <summary>
/// How to reach one storage account, under the names Azure Functions gives to identity-based connections: <c>Name</c> holds a
/// connection string (emulator), or <c>Name__tableServiceUri</c>, <c>Name__queueServiceUri</c>, <c>Name__blobServiceUri</c>, and optionally
/// <c>Name__credential</c> = <c>managedidentity</c> with <c>Name__clientId</c>.
/// </summary>
public sealed class AzureStorageSettings
{
    private AzureStorageSettings(string name) => Name = name;

    /// <summary>The setting's name, for messages.</summary>
    public string Name { get; }

    public Secret? ConnectionString { get; private init; }

    public Uri? TableServiceUri { get; private init; }

    public Uri? QueueServiceUri { get; private init; }

    public Uri? BlobServiceUri { get; private init; }

    /// <summary>Who we are there, without a connection string.</summary>
    public AzureIdentity Identity { get; private init; } = new(false, null);

    /// <summary>Reads the settings of a connection. Messages name settings, never their values.</summary>
    /// <param name="name">The connection's name, for instance <c>RelayStorage</c>.</param>
    /// <param name="lookup">The host's configuration; members are asked for with <c>__</c> and then with <c>:</c>.</param>
    /// <exception cref="InvalidOperationException">A setting is missing or makes no sense.</exception>
    public static AzureStorageSettings Read(string name, Func<string, string?> lookup)
    {
        string? Member(string member) => NullIfEmpty(lookup($"{name}__{member}")) ?? NullIfEmpty(lookup($"{name}:{member}"));

        if (NullIfEmpty(lookup(name)) is { } connectionString)
        {
            return new AzureStorageSettings(name) { ConnectionString = new Secret(connectionString) };
        }

        return new AzureStorageSettings(name)
        {
            TableServiceUri = ServiceUri(name, "tableServiceUri", Member),
            QueueServiceUri = ServiceUri(name, "queueServiceUri", Member),
            BlobServiceUri = ServiceUri(name, "blobServiceUri", Member),
            Identity = AzureIdentity.Read(name, Member),
        };
    }

    /// <summary>Https only, and without a query: a shared access signature would be a secret in a setting that isn't one.</summary>
    private static Uri ServiceUri(string name, string member, Func<string, string?> lookup) =>
        Uri.TryCreate(lookup(member), UriKind.Absolute, out Uri? uri) && uri.Scheme == Uri.UriSchemeHttps && uri.Query.Length == 0
            ? uri
            : throw new InvalidOperationException($"Set '{name}' (a connection string) or '{name}__{member}' (an https URI without a query).");

    private static string? NullIfEmpty(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}

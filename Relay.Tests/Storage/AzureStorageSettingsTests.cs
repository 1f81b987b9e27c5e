using Relay.Shared.Azure;
using Xunit;

namespace Relay.Tests.Storage;

public sealed class AzureStorageSettingsTests
{
    private const string TableUri = "https://account.table.core.windows.net/";
    private const string QueueUri = "https://account.queue.core.windows.net/";
    private const string BlobUri = "https://account.blob.core.windows.net/";

    [Fact]
    public void A_connection_string_wins_and_does_not_print()
    {
        AzureStorageSettings settings = Read(("Relay", "UseDevelopmentStorage=true"), ("Relay__tableServiceUri", TableUri));
        Assert.Equal("UseDevelopmentStorage=true", settings.ConnectionString?.Reveal());
        Assert.Equal("[redacted]", $"{settings.ConnectionString}");
        Assert.Null(settings.TableServiceUri);
    }

    [Theory]
    [InlineData("__")]
    [InlineData(":")]
    public void Service_uris_are_read_as_Functions_writes_them(string separator)
    {
        AzureStorageSettings settings = Read(
            ($"Relay{separator}tableServiceUri", TableUri), ($"Relay{separator}queueServiceUri", QueueUri),
            ($"Relay{separator}blobServiceUri", BlobUri), ($"Relay{separator}credential", "managedidentity"), ($"Relay{separator}clientId", "id"));
        Assert.Equal((new Uri(TableUri), new Uri(QueueUri), new Uri(BlobUri)), (settings.TableServiceUri, settings.QueueServiceUri, settings.BlobServiceUri));
        Assert.True(settings.Identity.UsesManagedIdentity);
        Assert.Equal("id", settings.Identity.ClientId);
        Assert.NotNull(AzureStorageConnection.Create(settings, counter: null).Tables);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("account.table.core.windows.net")]
    [InlineData("http://account.table.core.windows.net/")]
    [InlineData("https://account.table.core.windows.net/?sv=2026&sig=topsecret")]
    public void A_missing_or_unsafe_service_uri_is_named_and_not_told(string? uri)
    {
        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() =>
            Read(("Relay__tableServiceUri", uri), ("Relay__queueServiceUri", QueueUri), ("Relay__blobServiceUri", BlobUri)));
        Assert.Contains("Relay__tableServiceUri", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_credential_is_refused() => Assert.Throws<InvalidOperationException>(() =>
        Read(("Relay__tableServiceUri", TableUri), ("Relay__queueServiceUri", QueueUri), ("Relay__blobServiceUri", BlobUri), ("Relay__credential", "password")));

    [Theory]
    [InlineData("topsecret")]
    [InlineData("AccountName=a;AccountKey=topsecret")]
    [InlineData("DefaultEndpointsProtocol=http;AccountName=a;AccountKey=topsecret;TableEndpoint=topsecret")]
    public void A_broken_connection_string_is_not_told(string connection)
    {
        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() =>
            AzureStorageConnection.Create(Read(("Relay", connection)), counter: null));
        Assert.Contains("'Relay'", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", refused.ToString(), StringComparison.Ordinal);
    }

    private static AzureStorageSettings Read(params (string Name, string? Value)[] settings) => AzureStorageSettings.Read(
        "Relay", name => settings.FirstOrDefault(setting => setting.Name == name).Value);
}

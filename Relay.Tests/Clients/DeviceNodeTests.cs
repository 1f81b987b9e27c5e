using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Relay.LocalHost.Running;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Clients;

/// <summary>A user's device on Signal's own library (samples/device-node) against <c>relay up</c>: every program is the real one.</summary>
public sealed class DeviceNodeTests
{
    private const string User = "+4915112345678";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static string Sample => Path.Combine(Repository.Root, "samples", "device-node");

    [NodeFact]
    public async Task Registers_publishes_keys_and_takes_what_waits_for_it()
    {
        Assert.True(File.Exists(Path.Combine(Sample, "node_modules", ".relay")), "samples/device-node is not installed: run ./relay setup peers");
        string folder = Directory.CreateTempSubdirectory("relay-device-").FullName;
        try
        {
            using CancellationTokenSource limit = new(Limit);
            await RunAsync(folder, limit.Token);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        await using AzuriteServer azurite = await AzuriteServer.StartAsync(Path.Combine(folder, "azurite"), cancellationToken);
        Dictionary<string, string> accounts = new() { ["RelayStorage"] = azurite.RelayStorage, ["TransportStorage"] = azurite.TransportStorage };
        await using ChildProgram up = ChildProgram.StartRelays("Relay.LocalHost", accounts, "up", "--json", "--data", Path.Combine(folder, "data"));
        DemoBusiness business = (await up.ReadAsync(cancellationToken)).Deserialize(DemoBusiness.DemoJson.Default.DemoBusiness)
            ?? throw new InvalidDataException("up printed null.");
        await using ChildProgram device = ChildProgram.Start(
            "node",
            new Dictionary<string, string>(),
            Path.Combine(Sample, "device.mjs"),
            "--transport", business.TransportUrl,
            "--code-dir", business.CodeDirectory,
            "--number", User,
            "--state", Path.Combine(folder, "device.json"));
        Assert.Equal("registered", Text(await device.ReadAsync(cancellationToken), "type"));

        // The relay writes with X3DH still, which this library no longer takes; the device must go on all the same.
        foreach (string text in new[] { "one", "two" })
        {
            await SendAsync(business, text, cancellationToken);
            JsonElement told = await device.ReadAsync(cancellationToken);
            Assert.Equal(("undecryptable", business.DisplayPhoneNumber), (Text(told, "type"), Text(told, "from")));
            Assert.Contains("X3DH", Text(told, "reason"), StringComparison.Ordinal);
            Assert.Equal("noSession", Text(await device.ReadAsync(cancellationToken), "type"));
        }
    }

    private static async Task SendAsync(DemoBusiness business, string text, CancellationToken cancellationToken)
    {
        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Post, $"{business.BaseUrl}/v25.0/{business.PhoneNumberId}/messages");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", business.AccessToken);
        request.Content = new StringContent(
            JsonSerializer.Serialize(new { messaging_product = "whatsapp", to = User, type = "text", text = new { body = text } }), Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static string Text(JsonElement element, string name) => TestRelay.Text(element, name);
}

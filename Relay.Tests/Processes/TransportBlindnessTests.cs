using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Relay.LocalHost.Demonstration;
using Relay.LocalHost.Split;
using Relay.Phone.Messages;
using Relay.Phone.Sending;
using Relay.Shared.Hosting;
using Relay.Shared.Storage;
using Relay.Tests.Integrity;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Processes;

/// <summary>
/// The transport carries everything and sees nothing of it (spec/reliability.md R11). After messages, files, receipts and a template both ways, a report that shows the operator
/// what a message said, and a block, its memory, its log and its environment hold no content, no key and no connection of the relay's; on its disk there is no number either. What this does not
/// show: in memory a number stands for as long as a request that names it, since numbers are hashed by the transport itself.
/// </summary>
[Collection(ProcessDefinition.Name)]
public sealed class TransportBlindnessTests : IAsyncLifetime
{
    private readonly ProcessGround _ground = new();
    private readonly Dictionary<string, string> _texts = [];
    private readonly byte[] _picture = [.. Convert.FromHexString("89504E470D0A1A0A0000000D49484452"), .. RandomNumberGenerator.GetBytes(70_000)];
    private ProcessRelay _relay = null!;

    public async Task InitializeAsync()
    {
        await _ground.InitializeAsync();
        _relay = await ProcessRelay.StartSplitAsync(_ground);
    }

    public async Task DisposeAsync()
    {
        await _relay.DisposeAsync();
        await _ground.DisposeAsync();
    }

    [LinuxFact]
    public async Task It_holds_nothing_of_what_it_carried_in_memory_on_disk_or_in_its_log()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await TestBusiness.CreateAsync(_relay, receiver, Text("name of the business"));
        using TestDevice device = await _relay.DeviceAsync();
        await TalkAsync(business, device, receiver);
        ClearTextScan scan = Needles(business, receiver);
        scan.ProveItself();

        int transport = Id(RelayRole.Transport);
        (IReadOnlySet<string> seen, long bytes) = ProcessMemory.Search(transport, scan);
        string own = Assert.Single(seen, needle => needle.EndsWith("the transport's storage key", StringComparison.Ordinal));
        Assert.Equal([own], seen);
        Assert.True(bytes > 20_000_000, $"{bytes} bytes are not all that a process holds.");

        // The same search where content may be: it finds.
        (IReadOnlySet<string> relays, _) = ProcessMemory.Search(Id(RelayRole.Relay), scan);
        Findings.None(new[] { "text to the user", "text to the business", "caption", "callback data", "the relay's storage key" }
            .Where(name => !relays.Any(needle => IsOf(needle, name))).Select(name => $"{name} was not found in the relay"));

        // The manager gave out what the user had shown, and could not read it.
        (IReadOnlySet<string> managers, _) = ProcessMemory.Search(Id(RelayRole.Manager), scan);
        Findings.None(managers.Where(needle => IsOf(needle, "text to the user")));

        AssertKeys();
        Findings.None(_relay.Log.Where(line => line.Role == RelayRole.Transport && (scan.Search(System.Text.Encoding.UTF8.GetBytes(line.Line)).Count > 0 || line.Line.Contains(device.Digits, StringComparison.Ordinal))).Select(line => line.Line));
        AssertEnvironment(transport);
        await AssertDiskAsync(business, device, receiver, scan);
    }

    /// <summary>Everything that is content, each with a text of its own.</summary>
    private async Task TalkAsync(TestBusiness business, TestDevice device, WebhookReceiver receiver)
    {
        string wamid = await business.SendTextAsync(device.Number, Text("text to the user"), callback: Text("callback data"));
        Assert.Equal(Text("text to the user"), (await device.NextAsync()).Text);
        await receiver.WaitForAsync("delivered:" + wamid);
        await ComplainAsync(business, device);
        await device.Phone.MarkReadAsync(null, CancellationToken.None);
        await receiver.WaitForAsync("read:" + wamid);
        await device.SendAsync(business.Number, Text("text to the business"));
        await receiver.WaitForAsync(delivery => delivery.IsMessage);

        string id = await UploadAsync(business);
        await business.PostAsync(JsonSerializer.Serialize(new { messaging_product = "whatsapp", to = device.Number, type = "image", image = new { id, caption = Text("caption") } })).OkAsync();
        using MemoryStream got = new();
        await device.Phone.FetchFileAsync((await device.NextAsync()).Message, got, CancellationToken.None);
        Assert.Equal(_picture, got.ToArray());
        using MemoryStream sent = new(_picture);
        FileToSend file = new("image", "image/png") { Caption = Text("caption of the user") };
        await device.Phone.SendFileAsync(TestDevice.Of(business.Number), sent, file, new SendOptions(), CancellationToken.None);
        await receiver.WaitForAsync(delivery => delivery.IsMessage && delivery.Message.TryGetProperty("image", out _));

        await business.PostAsync(
            """{"name":"hello","language":"en","category":"UTILITY","components":[{"type":"BODY","text":"Hello {{1}}, welcome","example":{"body_text":[["Ada"]]}}]}""",
            path: $"v25.0/{business.WabaId}/message_templates").OkAsync();
        await business.PostAsync(JsonSerializer.Serialize(new
        {
            messaging_product = "whatsapp",
            to = device.Number,
            type = "template",
            template = new { name = "hello", language = new { code = "en" }, components = new[] { new { type = "body", parameters = new[] { new { type = "text", text = Text("filled in") } } } } },
        })).OkAsync();
        await device.NextAsync();
    }

    /// <summary>Shows the operator what the business said, by way of the transport, and blocks it for a while. The operator alone can read it.</summary>
    private async Task ComplainAsync(TestBusiness business, TestDevice device)
    {
        await _relay.AdminAsync(HttpMethod.Put, "report_key", new { public_key = Convert.ToBase64String(Reporting.PublicKey) });
        Assert.True(await device.Phone.ReportAsync(TestDevice.Of(business.Number), null, withContent: true, CancellationToken.None));
        await device.Phone.BlockAsync(TestDevice.Of(business.Number), blocked: true, CancellationToken.None);
        JsonElement seen = await _relay.AdminAsync(HttpMethod.Get, $"businesses/{business.Id}/reports", new { });
        Assert.Equal(Text("text to the user"), Reporting.Open(Assert.Single(seen.GetProperty("data").EnumerateArray()).GetProperty("sealed_content").GetBytesFromBase64()));
        await device.Phone.BlockAsync(TestDevice.Of(business.Number), blocked: false, CancellationToken.None);
    }

    private ClearTextScan Needles(TestBusiness business, WebhookReceiver receiver)
    {
        ClearTextScan scan = new([]);
        foreach ((string name, string text) in _texts)
        {
            scan.AddKey(name + " ", System.Text.Encoding.UTF8.GetBytes(text));
            scan.AddKey(name + " in UTF-16 ", System.Text.Encoding.Unicode.GetBytes(text));
        }

        foreach (int at in new[] { 16, 20_000, 50_000 })
        {
            scan.AddKey($"picture at {at} ", _picture.AsSpan(at, 24).ToArray());
        }

        AddText(scan, "the app secret", business.AppSecret);
        AddText(scan, "the access token", business.AccessToken);
        AddText(scan, "the admin token", _relay.Options.AdminToken.Reveal());
        AddText(scan, "the verify token", receiver.VerifyToken);
        AddText(scan, "the manager's storage key", AccountKey(_ground.Azurite.ManagerStorage));
        AddText(scan, "the relay's storage key", AccountKey(_ground.Azurite.RelayStorage));
        scan.AddNeedle("the transport's storage key", System.Text.Encoding.UTF8.GetBytes(AccountKey(_ground.Azurite.TransportStorage)));
        using JsonDocument keys = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_ground.Data, DataNames.RelayKeys)));
        foreach (JsonProperty key in keys.RootElement.EnumerateObject())
        {
            byte[] secret = Base64(key.Value.GetProperty("d").GetString()!);
            scan.AddKey($"key {key.Name} ", secret.AsSpan(0, Math.Min(32, secret.Length)).ToArray());
        }

        return scan;
    }

    private static void AddText(ClearTextScan scan, string name, string text)
    {
        scan.AddNeedle(name, System.Text.Encoding.UTF8.GetBytes(text));
        scan.AddNeedle(name + " in UTF-16", System.Text.Encoding.Unicode.GetBytes(text));
    }

    /// <summary>The relay, which has registered a number by now, has nothing that would lift its own restriction; the manager has, so the look finds it.</summary>
    private void AssertKeys()
    {
        ClearTextScan keys = new([]);
        AddText(keys, "the registration key", _relay.Options.RegistrationKey.Reveal());
        AddText(keys, "the operator's key", _relay.Options.OperatorKey.Reveal());
        IReadOnlySet<string> relays = ProcessMemory.Search(Id(RelayRole.Relay), keys).Found;
        Assert.Contains("the registration key", relays);
        Assert.DoesNotContain(relays, needle => IsOf(needle, "the operator's key"));
        Assert.Contains("the operator's key", ProcessMemory.Search(Id(RelayRole.Manager), keys).Found);
        Assert.DoesNotContain(File.ReadAllText($"/proc/{Id(RelayRole.Relay)}/environ").Split('\0'), line => line.StartsWith(RelaySettings.OperatorKey, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>What it was given to begin with, and what it holds open.</summary>
    private void AssertEnvironment(int transport)
    {
        string[] given = File.ReadAllText($"/proc/{transport}/environ").Split('\0');
        string[] ours = [.. given.Select(line => line.Split('=')[0]).Where(name => name.StartsWith("Relay", StringComparison.Ordinal) || name.StartsWith("Manager", StringComparison.Ordinal) || name.StartsWith("Transport", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.Equal(
            [RelaySettings.CreateStorage, RelaySettings.Region, RelaySettings.Role, nameof(TransportStorage), RelaySettings.CodeDirectory, RelaySettings.DeviceBundlesPerMinute, RelaySettings.DeviceMessagesPerMinute, RelaySettings.FirstTier, RelaySettings.TransportLocalKeyFile, RelaySettings.OperatorKey, RelaySettings.RegistrationKey],
            ours);
        Findings.None(given.Where(line => line.Contains(DataNames.RelayKeys, StringComparison.Ordinal)));
        Findings.None(new DirectoryInfo($"/proc/{transport}/fd").EnumerateFileSystemInfos().Select(open => open.LinkTarget ?? "").Where(target => target.Contains("relay.keys", StringComparison.Ordinal)));
        Assert.Contains(File.ReadAllText($"/proc/{Id(RelayRole.Relay)}/environ").Split('\0'), line => line.Contains(DataNames.RelayKeys, StringComparison.Ordinal));
    }

    /// <summary>With something waiting in a mailbox and something to be pushed; every byte that the emulator has written, of all three accounts.</summary>
    private async Task AssertDiskAsync(TestBusiness business, TestDevice device, WebhookReceiver receiver, ClearTextScan scan)
    {
        string wamid = await business.SendTextAsync(device.Number, Text("text that waits for the user"));
        await receiver.WaitForAsync("sent:" + wamid);
        await _relay.Split[RelayRole.Relay].KillAsync();
        await device.SendAsync(business.Number, Text("text that waits for the business"));
        await _relay.Split.StopAsync();
        await _ground.StopAzuriteAsync();
        foreach ((string name, string text) in _texts)
        {
            scan.AddKey(name + " on disk ", System.Text.Encoding.UTF8.GetBytes(text));
        }

        foreach (string number in new[] { device.Number, business.Number })
        {
            scan.Add(number);
        }

        (int files, long bytes) = scan.SearchFolder(_ground.Emulator);
        Assert.True(files > 3 && bytes > 100_000, $"{files} files, {bytes} bytes");
        Findings.None(scan.Findings.Where(finding => !finding.Contains("storage key", StringComparison.Ordinal)));
        Assert.Contains(scan.Findings, finding => finding.Contains("the transport's storage key", StringComparison.Ordinal));
    }

    private async Task<string> UploadAsync(TestBusiness business)
    {
        using MultipartFormDataContent form = new();
        ByteArrayContent file = new(_picture);
        file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        form.Add(file, "file", "a.png");
        form.Add(new StringContent("whatsapp"), "messaging_product");
        return TestRelay.Text(await business.PostAsync(form, path: $"v25.0/{business.PhoneNumberId}/media").OkAsync(), "id");
    }

    private string Text(string name)
    {
        if (!_texts.TryGetValue(name, out string? text))
        {
            _texts[name] = text = "canary" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        }

        return text;
    }

    private int Id(RelayRole role) => _relay.Split[role].ProcessId ?? throw new InvalidOperationException($"The {role} doesn't run.");

    private static bool IsOf(string needle, string name) => needle.StartsWith(name, StringComparison.Ordinal);

    private static string AccountKey(string connection) => connection.Split(';').Single(part => part.StartsWith("AccountKey=", StringComparison.Ordinal))["AccountKey=".Length..];

    private static byte[] Base64(string url) => Convert.FromBase64String(url.Replace('-', '+').Replace('_', '/').PadRight((url.Length + 3) / 4 * 4, '='));
}

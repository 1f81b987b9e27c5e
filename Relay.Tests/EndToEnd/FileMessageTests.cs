using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Relay.Shared.Content;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>Files in messages, both ways, through upload, queues, a real Signal peer, the transport's attachments and the signed webhook.</summary>
public sealed class FileMessageTests : IAsyncLifetime
{
    private static readonly byte[] Png = [.. Convert.FromHexString("89504E470D0A1A0A0000000D49484452"), .. RandomNumberGenerator.GetBytes(70_000)];

    private TestRelay _relay = null!;
    private WebhookReceiver _receiver = null!;
    private TestBusiness _business = null!;
    private RawDevice _device = null!;

    public async Task InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        _receiver = await WebhookReceiver.StartAsync();
        _business = await _relay.BusinessAsync(_receiver);
        _device = await _relay.RawDeviceAsync();
    }

    public async Task DisposeAsync()
    {
        Assert.Empty(_relay.Faults);
        _device.Dispose();
        await _receiver.DisposeAsync();
        await _relay.DisposeAsync();
    }

    [Theory]
    [InlineData("image", """{"type":"image","image":{"id":"$ID","caption":"c"}}""")]
    [InlineData("interactive.header.image", """{"type":"interactive","interactive":{"type":"button","header":{"type":"image","image":{"id":"$ID"}},"body":{"text":"b"},"action":{"buttons":[{"type":"reply","reply":{"id":"a","title":"A"}}]}}}""")]
    public async Task An_upload_reaches_the_device_as_it_was(string place, string message)
    {
        string id = await UploadAsync();
        await SendAsync(message.Replace("$ID", id, StringComparison.Ordinal));

        DeviceContent read = await ReadAsync();
        JsonElement file = read.Message!.Value;
        foreach (string name in place.Split('.'))
        {
            file = file.GetProperty(name);
        }

        Assert.False(file.TryGetProperty("id", out _));
        Assert.Equal("image/png", file.GetProperty("mime_type").GetString());
        Assert.Equal(Convert.ToBase64String(SHA256.HashData(Png)), file.GetProperty("sha256").GetString());
        Assert.Equal(Png, await _device.DownloadAsync(file.GetProperty("attachment")));
    }

    [Theory]
    [InlineData("video", "video/mp4", "0000001866747970", ""","caption":"c" """)]
    [InlineData("document", "application/pdf", "255044462D312E370A", ""","caption":"c","filename":"a.pdf" """)]
    [InlineData("audio", "audio/ogg", "4F67675300020000000000000000000000000000000000000000011E4F70757348656164", ""","voice":true""")]
    [InlineData("sticker", "image/webp", "52494646240000005745425056503820", "")]
    public async Task Every_kind_of_file_reaches_the_device_with_what_stands_beside_it(string type, string mimeType, string head, string beside)
    {
        byte[] file = [.. Convert.FromHexString(head), .. type == "video" ? "mp42"u8 : [], .. new byte[4_000]];
        string id = await UploadAsync(file, mimeType);
        await SendAsync($$$"""{"type":"{{{type}}}","{{{type}}}":{"id":"{{{id}}}"{{{beside}}}}}""");

        JsonElement got = (await ReadAsync()).Message!.Value.GetProperty(type);
        Assert.Equal(file, await _device.DownloadAsync(got.GetProperty("attachment")));
        using JsonDocument expected = JsonDocument.Parse($"{{\"x\":1{beside}}}");
        Assert.All(expected.RootElement.EnumerateObject().Skip(1), member => Assert.Equal(member.Value.ToString(), got.GetProperty(member.Name).ToString()));
        Assert.Equal("sent", Assert.Single(_receiver.Deliveries).StatusUpdate.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_users_file_can_be_fetched_by_who_is_told_of_it()
    {
        await _device.OpenAsync(_business.Number);
        JsonElement pointer = await _device.UploadAsync(Png);
        EnvelopeId id = EnvelopeId.Create();
        DeviceContent content = new()
        {
            Id = id.Hex,
            Timestamp = 1_749_416_383,
            Message = JsonDocument.Parse($$$"""{"type":"image","image":{"attachment":{{{pointer}}},"mime_type":"image/png","sha256":"x","caption":"look"}}""").RootElement,
        };
        await _device.SendAsync(_business.Number, content);
        await _relay.DrainAsync();

        JsonElement image = Assert.Single(_receiver.Deliveries).Message.GetProperty("image");
        Assert.Equal(("look", "image/png", Convert.ToBase64String(SHA256.HashData(Png))), (
            image.GetProperty("caption").GetString(), image.GetProperty("mime_type").GetString(), image.GetProperty("sha256").GetString()));
        Assert.Equal(Png, await _relay.Http.GetByteArrayAsync(new Uri(image.GetProperty("url").GetString()!)));

        (HttpStatusCode status, JsonElement node) = await _business.GetAsync($"v25.0/{image.GetProperty("id").GetString()}");
        Assert.True(status == HttpStatusCode.OK, node.ToString());
        Assert.Equal(Png.Length, node.GetProperty("file_size").GetInt32());
    }

    [Fact]
    public async Task A_file_that_is_gone_is_told_with_131052()
    {
        await _device.OpenAsync(_business.Number);
        JsonElement pointer = await _device.UploadAsync(Png);
        string other = pointer.ToString().Replace(pointer.GetProperty("id").GetString()!, new string('0', pointer.GetProperty("id").GetString()!.Length), StringComparison.Ordinal);
        await _device.SendAsync(_business.Number, new DeviceContent
        {
            Id = EnvelopeId.Create().Hex,
            Timestamp = 1_749_416_383,
            Message = JsonDocument.Parse($$$"""{"type":"image","image":{"attachment":{{{other}}},"mime_type":"image/png"}}""").RootElement,
        });
        await _relay.DrainAsync();

        JsonElement told = Assert.Single(_receiver.Deliveries).Message;
        Assert.Equal(("unsupported", 131052), (told.GetProperty("type").GetString(), told.GetProperty("errors")[0].GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task An_upload_deleted_before_it_left_ends_as_failed()
    {
        string id = await UploadAsync();
        (_, JsonElement answer) = await PostAsync($$$"""{"type":"image","image":{"id":"{{{id}}}"}}""");
        string wamid = TestRelay.Text(answer.GetProperty("messages")[0], "id");
        Assert.Equal(HttpStatusCode.OK, (await _business.DeleteAsync($"v25.0/{id}")).Status);
        await _relay.DrainAsync();

        Assert.Equal([$"failed:{wamid}"], _receiver.Told());
        Assert.Equal(131053, Assert.Single(_receiver.Deliveries).StatusUpdate.GetProperty("errors")[0].GetProperty("code").GetInt32());
        Assert.Empty(await _device.FetchAsync());
    }

    [Fact]
    public async Task Another_ones_upload_cannot_be_sent()
    {
        string id = await UploadAsync();
        TestBusiness other = await _relay.BusinessAsync(null);

        (HttpStatusCode status, _) = await other.PostAsync($$$"""{"messaging_product":"whatsapp","to":"{{{_device.Number.E164}}}","type":"image","image":{"id":"{{{id}}}"}}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    private Task<string> UploadAsync() => UploadAsync(Png, "image/png");

    private async Task<string> UploadAsync(byte[] bytes, string mimeType)
    {
        using MultipartFormDataContent form = new();
        ByteArrayContent file = new(bytes);
        file.Headers.ContentType = new MediaTypeHeaderValue(mimeType);
        form.Add(file, "file", "a.bin");
        form.Add(new StringContent("whatsapp"), "messaging_product");
        (HttpStatusCode status, JsonElement answer) = await _business.PostAsync(form, path: $"v25.0/{_business.PhoneNumberId}/media");
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        return TestRelay.Text(answer, "id");
    }

    private async Task SendAsync(string message)
    {
        (HttpStatusCode status, JsonElement answer) = await PostAsync(message);
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        await _relay.DrainAsync();
    }

    private Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(string message) =>
        _business.PostAsync($$"""{"messaging_product":"whatsapp","to":"{{_device.Number.E164}}",{{message[1..]}}""");

    private async Task<DeviceContent> ReadAsync()
    {
        Envelope envelope = Assert.Single(await _device.FetchAsync());
        return _device.Read(envelope) ?? throw new InvalidOperationException("The device could not read what it got.");
    }
}

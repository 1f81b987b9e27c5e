using System.Security.Cryptography;
using System.Text.Json;
using Relay.Phone;
using Relay.Phone.Commands;
using Relay.Phone.Events;
using Relay.Phone.Messages;
using Relay.Phone.Sending;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Phone;

/// <summary>Files between two phones, over the real transport.</summary>
public sealed class PhoneFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relay-files-").FullName;

    [Fact]
    public async Task A_file_is_sent_shown_and_saved()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using TestDevice anna = await relay.DeviceAsync();
        using TestDevice berta = await relay.DeviceAsync();
        byte[] bytes = RandomNumberGenerator.GetBytes(200_000);
        string path = Path.Combine(_folder, "cat.jpg");
        await File.WriteAllBytesAsync(path, bytes);

        Assert.Equal(ExitCode.Done, await RunAsync(anna, ["send", "--to", berta.Number, "--file", path, "--caption", "A cat"]));
        MessageReceived received = Assert.Single(await berta.ReceiveAsync());
        Assert.Equal("[image, image/jpeg, 195 KiB] A cat", MessageText.Of(received.Message, null));
        Assert.Equal(Convert.ToBase64String(SHA256.HashData(bytes)), received.Message.GetProperty("image").GetProperty("sha256").GetString());

        string target = Path.Combine(_folder, "saved.jpg");
        Assert.Equal(ExitCode.Done, await RunAsync(berta, ["save", "--from", anna.Number, "--out", target]));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(target));
        await Assert.ThrowsAsync<PhoneException>(() => RunAsync(berta, ["save", "--from", anna.Number, "--out", target]));
    }

    [Theory]
    [InlineData("note.ogg", "--voice", "audio", "audio/ogg")]
    [InlineData("film.mp4", "", "video", "video/mp4")]
    [InlineData("fun.webp", "", "sticker", "image/webp")]
    [InlineData("paper.PDF", "", "document", "application/pdf")]
    [InlineData("photo.png", "--as document", "document", "image/png")]
    public async Task Its_name_says_what_it_is_unless_the_user_does(string name, string options, string kind, string mimeType)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using TestDevice anna = await relay.DeviceAsync();
        using TestDevice berta = await relay.DeviceAsync();
        string path = Path.Combine(_folder, name);
        await File.WriteAllBytesAsync(path, [1, 2, 3]);
        await RunAsync(anna, ["send", "--to", berta.Number, "--file", path, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        JsonElement message = Assert.Single(await berta.ReceiveAsync()).Message;
        Assert.Equal((kind, mimeType), (message.GetProperty("type").GetString(), message.GetProperty(kind).GetProperty("mime_type").GetString()));
        Assert.Equal(kind == "document" ? name : null, message.GetProperty(kind).TryGetProperty("filename", out JsonElement given) ? given.GetString() : null);
        Assert.Equal(kind == "audio", message.GetProperty(kind).TryGetProperty("voice", out JsonElement voice) && voice.GetBoolean());
    }

    [Fact]
    public async Task A_file_that_was_changed_on_its_way_or_is_gone_leaves_nothing()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using TestDevice anna = await relay.DeviceAsync();
        using TestDevice berta = await relay.DeviceAsync();
        using MemoryStream content = new([1, 2, 3]);
        await anna.Phone.SendFileAsync(berta.PhoneNumber, content, new FileToSend("document", "text/plain"), new SendOptions(), CancellationToken.None);
        string genuine = Assert.Single(await berta.ReceiveAsync()).Message.GetRawText();
        string digest = JsonDocument.Parse(genuine).RootElement.GetProperty("document").GetProperty("attachment").GetProperty("digest").GetString()!;
        string other = Convert.ToBase64String(new byte[32]);
        string id = JsonDocument.Parse(genuine).RootElement.GetProperty("document").GetProperty("attachment").GetProperty("id").GetString()!;
        foreach (string changed in new[] { genuine.Replace(digest, other, StringComparison.Ordinal), genuine.Replace(id, new string('a', id.Length), StringComparison.Ordinal), """{"type":"document","document":{}}""" })
        {
            await RunAsync(anna, ["send", "--to", berta.Number, "--raw", changed]);
            await berta.ReceiveAsync();
            string target = Path.Combine(_folder, "never");
            await Assert.ThrowsAsync<PhoneException>(() => RunAsync(berta, ["save", "--from", anna.Number, "--out", target]));
            Assert.Empty(Directory.GetFiles(_folder));
        }

        using MemoryStream nothing = new();
        await Assert.ThrowsAsync<PhoneException>(() =>
            anna.Phone.SendFileAsync(berta.PhoneNumber, nothing, new FileToSend("document", "text/plain"), new SendOptions(), CancellationToken.None));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task<int> RunAsync(TestDevice device, string[] arguments)
    {
        CommandLine line = CommandLine.Parse(arguments);
        Terminal terminal = new(TextReader.Null, TextWriter.Null, TextWriter.Null);
        IPhoneCommand command = line.Syntax.Name == "send" ? new SendCommand(line, terminal) : new SaveCommand(line, terminal);
        return command.ExecuteAsync(device.Phone, CancellationToken.None);
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Relay.Shared.Media;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Media;

/// <summary><c>POST {phone}/media</c> as clients call it, and as nobody should.</summary>
public sealed class MediaUploadTests
{
    [Fact]
    public async Task A_file_goes_up_and_comes_back_and_its_id_is_digits()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        byte[] file = MediaStage.Jpeg(1_200_001);
        string id = await stage.UploadAsync(file, "image/jpeg", "holiday.jpg");

        Assert.True(MediaIds.HasForm(id));
        (_, JsonElement node) = await stage.Business.GetAsync("v25.0/" + id);
        Assert.Equal(["messaging_product", "url", "mime_type", "sha256", "file_size", "id"], node.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("whatsapp", "image/jpeg", id), (TestRelay.Text(node, "messaging_product"), TestRelay.Text(node, "mime_type"), TestRelay.Text(node, "id")));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), TestRelay.Text(node, "sha256"));
        Assert.Equal(file.Length, node.GetProperty("file_size").GetInt64());
        Assert.Equal(file, await stage.Relay.Http.GetByteArrayAsync(new Uri(TestRelay.Text(node, "url"))));
    }

    [Theory]
    [InlineData("v13.0/")]
    [InlineData("")]
    public async Task Any_version_and_none_mean_the_same_and_so_does_a_trailing_slash(string version)
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        (HttpStatusCode status, JsonElement answer) = await stage.Business.PostAsync(
            MediaStage.Form(MediaStage.Jpeg(100), "image/jpeg"), path: $"{version}{stage.Business.PhoneNumberId}/media/");
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        Assert.Equal(HttpStatusCode.OK, (await stage.Business.GetAsync($"{version}{TestRelay.Text(answer, "id")}/")).Status);
    }

    [Theory]
    [InlineData(null, null, "image/jpeg")]
    [InlineData("application/octet-stream", null, "image/jpeg")]
    [InlineData(null, "image/jpeg", "image/jpeg")]
    [InlineData("image/jpg", null, "image/jpeg")]
    [InlineData("image/jpeg; charset=binary", "application/pdf", "image/jpeg")]
    [InlineData("application/octet-stream", "image", "image/jpeg")]
    public async Task Parts_come_in_any_order_and_a_part_s_own_type_counts(string? partType, string? field, string stored)
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        foreach (bool fileFirst in new[] { true, false })
        {
            (HttpStatusCode status, JsonElement answer) = await stage.TryUploadAsync(MediaStage.Form(MediaStage.Jpeg(5_000), partType, type: field, fileFirst: fileFirst));
            Assert.True(status == HttpStatusCode.OK, answer.ToString());
            Assert.Equal(stored, TestRelay.Text((await stage.Business.GetAsync(TestRelay.Text(answer, "id"))).Answer, "mime_type"));
        }
    }

    [Fact]
    public async Task Parameters_in_the_query_and_the_token_there_do_as_well()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        using MultipartFormDataContent form = [];
        ByteArrayContent part = new(MediaStage.Pdf(999));
        form.Add(part, "file", "a.pdf");
        Uri address = new(stage.Relay.Local.BaseAddress, $"v25.0/{stage.Business.PhoneNumberId}/media?messaging_product=whatsapp&type=application/pdf&access_token={stage.Business.AccessToken}");
        using HttpResponseMessage response = await stage.Relay.Http.PostAsync(address, form);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("image/png", 131053, "a JPEG image")]
    [InlineData("video/mp4", 131053, "a JPEG image")]
    [InlineData("application/pdf", 131053, "a JPEG image")]
    [InlineData("text/plain", 131053, "a JPEG image")]
    [InlineData("image/gif", 100, "image/gif")]
    [InlineData("application/x-msdownload", 100, "application/x-msdownload")]
    public async Task A_file_that_is_not_what_it_is_said_to_be_is_refused_and_leaves_nothing(string declared, int code, string told)
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        foreach (bool fileFirst in new[] { true, false })
        {
            (HttpStatusCode status, JsonElement answer) = await stage.TryUploadAsync(MediaStage.Form(MediaStage.Jpeg(80_000), declared, fileFirst: fileFirst));
            Assert.Equal((HttpStatusCode.BadRequest, code), (status, MediaStage.Error(answer).Code));
            Assert.Contains(told, MediaStage.Error(answer).Details, StringComparison.Ordinal);
        }

        AssertNothingIsLeft(stage);
    }

    [Fact]
    public async Task A_type_that_comes_after_a_file_and_does_not_fit_is_refused_and_leaves_nothing()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        (_, JsonElement answer) = await stage.TryUploadAsync(MediaStage.Form(MediaStage.Jpeg(80_000), null, type: "image/png", fileFirst: true));
        Assert.Equal(131053, MediaStage.Error(answer).Code);
        AssertNothingIsLeft(stage);
    }

    [Theory]
    [InlineData("image/jpeg", 5 * 1024 * 1024, "5 MB")]
    [InlineData("image/webp", 100 * 1024, "100 KB")]
    [InlineData("audio/ogg", 16 * 1024 * 1024, "16 MB")]
    public async Task A_file_may_be_as_large_as_its_type_may_and_not_a_byte_larger(string type, int limit, string told)
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        byte[] head = type switch
        {
            "image/jpeg" => [0xFF, 0xD8, 0xFF],
            "image/webp" => [.. "RIFF\0\0\0\0WEBPVP8 "u8],
            _ => [.. "OggS"u8, .. new byte[24], .. "OpusHead"u8],
        };
        byte[] file = new byte[limit + 1];
        head.CopyTo(file, 0);
        (HttpStatusCode status, JsonElement answer) = await stage.TryUploadAsync(MediaStage.Form(file[..limit], type));
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        (_, answer) = await stage.TryUploadAsync(MediaStage.Form(file, type));
        Assert.Equal(131053, MediaStage.Error(answer).Code);
        Assert.Contains(told, MediaStage.Error(answer).Details, StringComparison.Ordinal);
        Assert.Single(stage.Rows);
        Assert.Single(stage.Account.Blobs.Everything());
    }

    [Fact]
    public async Task What_is_missing_is_named()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        MultipartFormDataContent noProduct = [];
        noProduct.Add(new ByteArrayContent(MediaStage.Jpeg(10)) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } }, "file", "a.jpg");
        MultipartFormDataContent noFile = [];
        noFile.Add(new StringContent("whatsapp"), "messaging_product");
        MultipartFormDataContent twice = MediaStage.Form(MediaStage.Jpeg(10), "image/jpeg");
        twice.Add(new ByteArrayContent([1]), "file", "b.jpg");
        MultipartFormDataContent elsewhere = MediaStage.Form(MediaStage.Jpeg(10), "image/jpeg", fileFirst: true);
        elsewhere.Add(new ByteArrayContent([1]), "attachment", "b.jpg");
        foreach ((HttpContent form, string told) in new (HttpContent, string)[]
        {
            (noProduct, "messaging_product is required"),
            (noFile, "file is required"),
            (twice, "exactly one file"),
            (elsewhere, "exactly one file"),
            (MediaStage.Form([], "image/jpeg"), "empty"),
            (MediaStage.Form(MediaStage.Jpeg(10), "image/jpeg", ttl: "59"), "ttl_minutes"),
            (MediaStage.Form(MediaStage.Jpeg(10), "image/jpeg", ttl: "43201"), "ttl_minutes"),
            (MediaStage.Form(MediaStage.Jpeg(10), "image/jpeg", ttl: "-60"), "ttl_minutes"),
            (new StringContent("{\"messaging_product\":\"whatsapp\"}", Encoding.UTF8, "application/json"), "multipart/form-data"),
        })
        {
            (HttpStatusCode status, JsonElement answer) = await stage.TryUploadAsync(form);
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains(told, MediaStage.Error(answer).Details, StringComparison.Ordinal);
        }

        AssertNothingIsLeft(stage);
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\x\\bill.pdf", "bill.pdf")]
    [InlineData("a\"; filename=b.exe", "a; filename=b.exe")]
    [InlineData("gpj.\u202Eexe.pdf", "gpj.exe.pdf")]
    [InlineData("...", null)]
    [InlineData("Rechnung ä 名.pdf", "Rechnung ä 名.pdf")]
    [InlineData("a\r\nSet-Cookie: b", "aSet-Cookie b")]
    public void A_file_name_becomes_a_name_and_no_more(string given, string? kept) => Assert.Equal(kept, FileNames.Clean(given));

    [Fact]
    public async Task A_file_name_comes_back_safe_in_the_header()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        string id = await stage.UploadAsync(MediaStage.Pdf(100), "application/pdf", "Rechnung ä.pdf");
        using HttpResponseMessage response = await stage.Relay.Http.GetAsync(await stage.UrlAsync(id));
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("Rechnung ä.pdf", response.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("sandbox", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_upload_that_breaks_off_leaves_no_file(bool withLength)
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        byte[] body = await MediaStage.Form(MediaStage.Jpeg(300_000), "image/jpeg").ReadAsByteArrayAsync();
        string boundary = Encoding.ASCII.GetString(body.AsSpan(2, body.AsSpan().IndexOf("\r\n"u8) - 2));
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, stage.Relay.Local.BaseAddress.Port);
        NetworkStream stream = client.GetStream();
        string length = withLength ? $"Content-Length: {body.Length}" : "Transfer-Encoding: chunked";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v25.0/{stage.Business.PhoneNumberId}/media HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {stage.Business.AccessToken}\r\nContent-Type: multipart/form-data; boundary=\"{boundary}\"\r\n{length}\r\n\r\n"));
        if (withLength)
        {
            await stream.WriteAsync(body.AsMemory(0, 200_000));
            client.Close();
        }
        else
        {
            // A body that ends properly, in the middle of its last part.
            await stream.WriteAsync(Encoding.ASCII.GetBytes("30d40\r\n"));
            await stream.WriteAsync(body.AsMemory(0, 200_000));
            await stream.WriteAsync("\r\n0\r\n\r\n"u8.ToArray());
            byte[] answer = new byte[12];
            await stream.ReadExactlyAsync(answer);
            Assert.Equal("HTTP/1.1 400", Encoding.ASCII.GetString(answer));
        }

        await UntilAsync(() => !stage.Rows.Any());
        Assert.Empty(stage.Account.Blobs.Everything());
    }

    [Fact]
    public async Task Whoever_has_no_token_is_refused_before_the_body_is_read_and_a_foreign_number_is_unknown()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        TestBusiness other = await stage.Relay.BusinessAsync(null);
        (HttpStatusCode status, _) = await stage.Business.PostAsync(MediaStage.Form(MediaStage.Jpeg(100), "image/jpeg"), token: "nobody", path: $"v25.0/{stage.Business.PhoneNumberId}/media");
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        (status, JsonElement answer) = await stage.Business.PostAsync(MediaStage.Form(MediaStage.Jpeg(100), "image/jpeg"), path: $"v25.0/{other.PhoneNumberId}/media");
        Assert.Equal((HttpStatusCode.BadRequest, 100), (status, MediaStage.Error(answer).Code));
        AssertNothingIsLeft(stage);
    }

    [Fact]
    public async Task Nothing_of_a_file_lies_in_clear()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        byte[] file = MediaStage.Pdf(200_000);
        Encoding.ASCII.GetBytes("the secret of the century").CopyTo(file, 70_000);
        string id = await stage.UploadAsync(file, "application/pdf", "confidential-plan.pdf");
        Assert.True((await stage.Get<AttachMedia>().ExecuteAsync(await stage.NumberAsync(), MediaKind.Document, MediaSource.OfId(id), default)).TryGet(out _, out _));
        byte[][] secrets = [Encoding.ASCII.GetBytes("the secret of the century"), Encoding.ASCII.GetBytes("confidential-plan"), file[1_000..1_032], Encoding.ASCII.GetBytes("application/pdf"), SHA256.HashData(file), Encoding.ASCII.GetBytes(id)];
        Assert.All(stage.AtRest(), bytes => Assert.All(secrets, secret => Assert.True(bytes.AsSpan().IndexOf(secret) < 0)));
    }

    [Fact]
    public async Task Many_uploads_at_once_are_many_files()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        byte[][] files = [.. Enumerable.Range(0, 12).Select(i => MediaStage.Jpeg(150_000 + i))];
        string[] ids = await Task.WhenAll(files.Select(file => stage.UploadAsync(file, "image/jpeg")));
        Assert.Equal(ids.Length, ids.Distinct().Count());
        byte[][] back = await Task.WhenAll(ids.Select(async id => await stage.Relay.Http.GetByteArrayAsync(await stage.UrlAsync(id))));
        Assert.Equal(files, back);
    }

    [Fact]
    public async Task A_moved_cut_or_changed_blob_does_not_open()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        string id = await stage.UploadAsync(MediaStage.Jpeg(200_000), "image/jpeg");
        await stage.UploadAsync(MediaStage.Jpeg(200_000), "image/jpeg");
        (string Name, byte[] Content)[] blobs = [.. stage.Account.Blobs.Everything()];
        string mine = blobs.Single(blob => blob.Name.EndsWith(stage.Rows.First(row => Opens(stage, row, id)).RowKey.Split('-')[1], StringComparison.Ordinal)).Name;
        byte[] content = blobs.Single(blob => blob.Name == mine).Content;
        byte[] chunk = content[..(64 * 1024 + 98)];
        foreach (byte[] forged in (byte[][])
        [
            blobs.Single(blob => blob.Name != mine).Content, [.. content[..100_000], (byte)(content[100_000] ^ 1), .. content[100_001..]],
            content[..^200], [.. chunk, .. chunk, .. content[(2 * chunk.Length)..]],
        ])
        {
            await stage.Account.Blobs.DeleteAsync(ContainerNames.Media, mine, default);
            await stage.Account.Blobs.PutAsync(ContainerNames.Media, mine, Once(forged), default);
            using HttpResponseMessage response = await stage.Relay.Http.GetAsync(await stage.UrlAsync(id), HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        }
    }

    private static bool Opens(MediaStage stage, TableRow row, string id) =>
        stage.Get<MediaIds>().ReadAsync(MediaStage.BusinessOf(stage.Business), id, default).AsTask().GetAwaiter().GetResult() is { } locator && row.RowKey.EndsWith(locator.File.Hex, StringComparison.Ordinal);

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Once(byte[] bytes)
    {
        await Task.Yield();
        yield return bytes;
    }

    private static void AssertNothingIsLeft(MediaStage stage)
    {
        Assert.Empty(stage.Rows);
        Assert.Empty(stage.Account.Blobs.Everything());
    }

    /// <summary>The server notices a broken connection in its own time.</summary>
    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (int i = 0; i < 500 && !isSo(); i++)
        {
            await Task.Delay(10);
        }

        Assert.True(isSo());
    }
}

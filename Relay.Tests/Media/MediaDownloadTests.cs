using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Relay.Shared.Media;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Media;

/// <summary>Addresses to download from, and ids: for whom they are good and for how long.</summary>
public sealed class MediaDownloadTests
{
    [Fact]
    public async Task An_address_is_good_for_five_minutes_with_and_without_a_token()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        byte[] file = MediaStage.Jpeg(10_000);
        Uri url = await stage.UrlAsync(await stage.UploadAsync(file, "image/jpeg"));
        Assert.Equal(stage.Relay.Local.BaseAddress.Authority, url.Authority);
        stage.Time.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal(file, await stage.Relay.Http.GetByteArrayAsync(url));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(stage, url, stage.Business.AccessToken)).Status);
        stage.Time.Advance(TimeSpan.FromSeconds(2));
        foreach (string? token in new[] { null, stage.Business.AccessToken })
        {
            (HttpStatusCode status, byte[] body) = await GetAsync(stage, url, token);
            Assert.Equal((HttpStatusCode.NotFound, 100), (status, MediaStage.Error(JsonDocument.Parse(body).RootElement).Code));
        }
    }

    [Fact]
    public async Task A_changed_address_needs_the_token_of_its_own_business()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        TestBusiness other = await stage.Relay.BusinessAsync(null);
        byte[] file = MediaStage.Jpeg(10_000);
        string id = await stage.UploadAsync(file, "image/jpeg");
        string url = (await stage.UrlAsync(id)).AbsoluteUri;
        string unsigned = url[..url.IndexOf("&hash=", StringComparison.Ordinal)];
        string[] changed = [unsigned, unsigned + "&hash=00", unsigned + "&hash=" + new string('0', 64), url.Replace("ext=", "ext=9", StringComparison.Ordinal), url.Replace($"biz={stage.Business.Id}", $"biz={other.Id}", StringComparison.Ordinal)];
        foreach (string address in changed)
        {
            (HttpStatusCode status, byte[] body) = await GetAsync(stage, new Uri(address), null);
            Assert.Equal((HttpStatusCode.Unauthorized, 190), (status, MediaStage.Error(JsonDocument.Parse(body).RootElement).Code));
            Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(stage, new Uri(address), other.AccessToken)).Status);
            Assert.Equal(file, (await GetAsync(stage, new Uri(address), stage.Business.AccessToken)).Body);
        }

        Assert.Equal(HttpStatusCode.OK, (await GetAsync(stage, new Uri(url), "not a token")).Status);
    }

    [Theory]
    [InlineData("bytes=0-9", 0, 10)]
    [InlineData("bytes=65530-65545", 65_530, 16)]
    [InlineData("bytes=199990-", 199_990, 10)]
    [InlineData("bytes=-7", 199_993, 7)]
    [InlineData("bytes=100000-900000", 100_000, 100_000)]
    public async Task A_part_is_given_when_one_is_asked_for(string range, int from, int count)
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        byte[] file = MediaStage.Jpeg(200_000);
        using HttpRequestMessage request = new(HttpMethod.Get, await stage.UrlAsync(await stage.UploadAsync(file, "image/jpeg")));
        request.Headers.TryAddWithoutValidation("Range", range);
        using HttpResponseMessage response = await stage.Relay.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal($"bytes {from}-{from + count - 1}/200000", response.Content.Headers.ContentRange?.ToString());
        Assert.Equal(file[from..(from + count)], await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("bytes=200000-")]
    [InlineData("bytes=5-4")]
    [InlineData("bytes=0-1,3-4")]
    [InlineData("lines=1-2")]
    [InlineData("bytes=-")]
    public async Task A_part_that_can_not_be_is_all_of_it(string range)
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        byte[] file = MediaStage.Jpeg(200_000);
        using HttpRequestMessage request = new(HttpMethod.Get, await stage.UrlAsync(await stage.UploadAsync(file, "image/jpeg")));
        request.Headers.TryAddWithoutValidation("Range", range);
        using HttpResponseMessage response = await stage.Relay.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(file, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_foreign_a_forged_and_an_unknown_id_are_answered_alike_and_cost_no_read()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        TestBusiness other = await stage.Relay.BusinessAsync(null);
        string id = await stage.UploadAsync(MediaStage.Jpeg(100), "image/jpeg");
        string forged = id[..^1] + (id[^1] == '1' ? '2' : '1');
        foreach (string wrong in new[] { id, forged, new string('1', MediaIds.Length), new string('9', MediaIds.Length) })
        {
            (HttpStatusCode status, JsonElement answer) = await other.GetAsync("v25.0/" + wrong);
            Assert.Equal((HttpStatusCode.BadRequest, 100, 33), (status, MediaStage.Error(answer).Code, answer.GetProperty("error").GetProperty("error_subcode").GetInt32()));
            Assert.Equal(HttpStatusCode.BadRequest, (await other.DeleteAsync("v25.0/" + wrong)).Status);
            Assert.NotNull(await stage.Get<CheckMedia>().ExecuteAsync(await OtherNumberAsync(stage, other), MediaKind.Image, wrong, default));
        }

        Assert.Equal(HttpStatusCode.OK, (await stage.Business.GetAsync(id)).Status);
    }

    [Fact]
    public async Task A_number_that_is_asked_for_must_be_the_file_s()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        string id = await stage.UploadAsync(MediaStage.Jpeg(100), "image/jpeg");
        Assert.Equal(HttpStatusCode.OK, (await stage.Business.GetAsync($"{id}?phone_number_id={stage.Business.PhoneNumberId}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await stage.Business.GetAsync($"{id}?phone_number_id=123456")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await stage.Business.DeleteAsync($"{id}?phone_number_id=123456")).Status);
    }

    [Fact]
    public async Task A_deleted_file_is_gone_from_everywhere_and_a_body_with_the_deletion_is_no_error()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        string id = await stage.UploadAsync(MediaStage.Jpeg(100_000), "image/jpeg");
        Uri url = await stage.UrlAsync(id);
        using HttpRequestMessage request = new(HttpMethod.Delete, new Uri(stage.Relay.Local.BaseAddress, "v25.0/" + id))
        {
            Content = new StringContent("{\"messaging_product\":\"whatsapp\"}", System.Text.Encoding.UTF8, "application/json"),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", stage.Business.AccessToken) },
        };
        using HttpResponseMessage response = await stage.Relay.Http.SendAsync(request);
        Assert.Equal("""{"success":true}""", await response.Content.ReadAsStringAsync());
        Assert.Empty(stage.Rows);
        Assert.Empty(stage.Account.Blobs.Everything());
        Assert.Equal(HttpStatusCode.BadRequest, (await stage.Business.GetAsync(id)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(stage, url, null)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await stage.Business.DeleteAsync(id)).Status);
        Assert.False((await stage.Get<AttachMedia>().ExecuteAsync(await stage.NumberAsync(), MediaKind.Image, MediaSource.OfId(id), default)).TryGet(out _, out _));
    }

    private static async Task<Relay.Shared.Accounts.BusinessNumber> OtherNumberAsync(MediaStage stage, TestBusiness other) =>
        await stage.Get<Relay.Shared.Accounts.AccountDirectory>().FindNumberAsync(MediaStage.BusinessOf(other), Relay.Shared.Primitives.PhoneNumberId.Parse(other.PhoneNumberId), default)
        ?? throw new InvalidOperationException("No number.");

    private static async Task<(HttpStatusCode Status, byte[] Body)> GetAsync(MediaStage stage, Uri url, string? token)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await stage.Relay.Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync());
    }
}

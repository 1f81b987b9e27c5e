using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Relay.Shared.Accounts;
using Relay.Shared.Content;
using Relay.Shared.Graph;
using Relay.Shared.Hosting;
using Relay.Shared.Media;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;
using Relay.Shared.Webhooks;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Media;

/// <summary>Files from addresses that businesses give: fetched once, looked at as they come, and never from within.</summary>
public sealed class LinkTests
{
    private static readonly Uri Link = new("https://files.example.com/a.jpg");

    [Fact]
    public async Task A_link_is_fetched_once_in_ten_minutes_and_a_device_gets_its_file()
    {
        await using World world = await World.StartAsync();
        byte[] file = MediaStage.Jpeg(700_000);
        world.Web.Answer = _ => Web.File(file, "image/jpeg");
        RawDevice device = await world.Stage.Relay.RawDeviceAsync();
        DeviceMedia[] media = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.AttachAsync(MediaKind.Image, Link)));
        Assert.Equal(file, await SentAttachment.GetAsync(world.Stage.Get<TransportClient>(), device.Credential, media[0].Attachment));
        Assert.Equal(("image/jpeg", 700_000L), (media[0].MimeType, media[0].Size));
        world.Stage.Time.Advance(TimeSpan.FromMinutes(9));
        await world.AttachAsync(MediaKind.Image, Link);
        Assert.Single(world.Web.Asked);
        world.Stage.Time.Advance(TimeSpan.FromMinutes(2));
        await world.AttachAsync(MediaKind.Image, Link);
        Assert.Equal(2, world.Web.Asked.Count);
        Assert.Empty(world.Stage.Account.Blobs.Everything());
    }

    /// <summary>One after the other they would take as many times as long, and the host ends a function after five minutes.</summary>
    [Fact]
    public async Task Who_waits_for_a_link_that_fails_gets_its_failure_and_does_not_try_it_anew()
    {
        await using World world = await World.StartAsync();
        TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Web.Until = answer.Task;
        BusinessNumber number = await world.Stage.NumberAsync();
        Task<Result<DeviceMedia, GraphError>>[] all = [.. Enumerable.Range(0, 8).Select(_ => world.Stage.Get<AttachMedia>().ExecuteAsync(number, MediaKind.Image, MediaSource.OfLink(Link), default))];
        answer.SetResult();
        Assert.All(await Task.WhenAll(all), result => Assert.Equal(131052, result.Error?.Code.Code));
        Assert.Single(world.Web.Asked);
        await world.RefusedAsync(MediaKind.Image, Link);
        Assert.Equal(2, world.Web.Asked.Count);
    }

    /// <summary>A client that fills in every member: accepted, so it must be sent.</summary>
    [Fact]
    public async Task An_upload_beside_an_empty_link_is_sent()
    {
        await using World world = await World.StartAsync();
        using RawDevice device = await world.Stage.Relay.RawDeviceAsync();
        string id = await world.Stage.UploadAsync(MediaStage.Jpeg(1_000), "image/jpeg");
        (HttpStatusCode status, JsonElement answer) = await world.Stage.Business.PostAsync(
            $$$"""{"messaging_product":"whatsapp","to":"{{{device.Number.E164}}}","type":"image","image":{"id":"{{{id}}}","link":""}}""");
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        await world.Stage.Relay.DrainAsync();
        Assert.Empty(world.Stage.Relay.Faults);
        Assert.Single(world.Stage.TransportAccount.Blobs.Everything());
    }

    /// <summary>The host ends a function after five minutes, and with it all that it had fetched.</summary>
    [Fact]
    public async Task Slow_links_of_one_conversation_do_not_take_longer_together_than_a_function_may()
    {
        await using World world = await World.StartAsync();
        using RawDevice device = await world.Stage.Relay.RawDeviceAsync();
        world.Web.Answer = _ =>
        {
            world.Stage.Time.Advance(TimeSpan.FromSeconds(50));
            return new HttpResponseMessage(HttpStatusCode.NotFound);
        };
        for (int i = 0; i < 6; i++)
        {
            (HttpStatusCode status, JsonElement answer) = await world.Stage.Business.PostAsync(
                $$$"""{"messaging_product":"whatsapp","to":"{{{device.Number.E164}}}","type":"image","image":{"link":"https://files.example.com/{{{i}}}.jpg"}}""");
            Assert.True(status == HttpStatusCode.OK, answer.ToString());
        }

        List<int> asked = [];
        while (world.Web.Asked.Count < 6)
        {
            await world.Stage.Relay.DrainAsync();
            asked.Add(world.Web.Asked.Count);
            Assert.True(asked.Count < 10);
            world.Stage.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(asked[0], 1, 4);
        Assert.Equal(6, world.Web.Asked.Distinct().Count());
    }

    [Fact]
    public async Task An_address_is_nowhere_in_the_table_and_another_business_fetches_for_itself()
    {
        await using World world = await World.StartAsync();
        world.Web.Answer = _ => Web.File(MediaStage.Jpeg(1_000), "image/jpeg");
        await world.AttachAsync(MediaKind.Image, Link);
        Assert.All(world.Stage.AtRest(), bytes => Assert.True(bytes.AsSpan().IndexOf("files.example.com"u8) < 0));
        TestBusiness other = await world.Stage.Relay.BusinessAsync(null);
        BusinessNumber? number = await world.Stage.Get<AccountDirectory>().FindNumberAsync(MediaStage.BusinessOf(other), PhoneNumberId.Parse(other.PhoneNumberId), default);
        Assert.True((await world.Stage.Get<AttachMedia>().ExecuteAsync(number!, MediaKind.Image, MediaSource.OfLink(Link), default)).TryGet(out _, out _));
        Assert.Equal(2, world.Web.Asked.Count);
    }

    [Theory]
    [InlineData(404, 1)]
    [InlineData(403, 1)]
    [InlineData(500, 2)]
    [InlineData(204, 1)]
    public async Task A_server_that_has_no_file_fails_the_message_with_its_status(int status, int asked)
    {
        await using World world = await World.StartAsync();
        world.Web.Answer = _ => new HttpResponseMessage((HttpStatusCode)status);
        GraphError error = await world.RefusedAsync(MediaKind.Image, Link);
        Assert.Equal(131052, error.Code.Code);
        Assert.Contains($"status {status}", error.Details, StringComparison.Ordinal);
        Assert.DoesNotContain("files.example.com", error.Details, StringComparison.Ordinal);
        Assert.Equal(asked, world.Web.Asked.Count);
    }

    [Theory]
    [InlineData(MediaKind.Video, "image/jpeg")]
    [InlineData(MediaKind.Audio, "audio/mpeg")]
    [InlineData(MediaKind.Sticker, "image/webp")]
    public async Task A_file_of_another_kind_is_refused_whatever_the_server_calls_it(MediaKind kind, string called)
    {
        await using World world = await World.StartAsync();
        world.Web.Answer = _ => Web.File(MediaStage.Jpeg(1_000), called);
        GraphError error = await world.RefusedAsync(kind, Link);
        Assert.Equal(131053, error.Code.Code);
        Assert.Contains("a JPEG image", error.Details, StringComparison.Ordinal);
        Assert.Empty(world.Stage.TransportAccount.Blobs.Everything());
    }

    [Theory]
    [InlineData(MediaKind.Image, "application/octet-stream", "image/jpeg")]
    [InlineData(MediaKind.Document, "image/jpeg", "image/jpeg")]
    [InlineData(MediaKind.Document, "application/x-tar", "application/x-tar")]
    [InlineData(MediaKind.Document, "application/pdf", "image/jpeg")]
    public async Task A_file_goes_by_the_type_that_its_bytes_bear_out(MediaKind kind, string called, string sent)
    {
        await using World world = await World.StartAsync();
        world.Web.Answer = _ => Web.File(MediaStage.Jpeg(1_000), called);
        Assert.Equal(sent, (await world.AttachAsync(kind, Link)).MimeType);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_is_too_large_ends_there(bool saysSo)
    {
        await using World world = await World.StartAsync();
        byte[] file = MediaStage.Jpeg((5 * 1024 * 1024) + 1);
        world.Web.Answer = _ => Web.File(file, "image/jpeg", hasLength: saysSo);
        GraphError error = await world.RefusedAsync(MediaKind.Image, Link);
        Assert.Equal(131053, error.Code.Code);
        Assert.Contains("5 MB", error.Details, StringComparison.Ordinal);
        Assert.Empty(world.Stage.TransportAccount.Blobs.Everything());
    }

    [Fact]
    public async Task A_connection_that_breaks_off_is_the_link_s_failure_not_the_transport_s()
    {
        await using World world = await World.StartAsync();
        world.Web.Answer = _ => Web.File(MediaStage.Jpeg(2_000_000), "image/jpeg", breaksAt: 900_000);
        Assert.Equal(131052, (await world.RefusedAsync(MediaKind.Image, Link)).Code.Code);
        Assert.Empty(world.Stage.TransportAccount.Blobs.Everything());
    }

    [Fact]
    public async Task A_link_that_does_not_come_to_an_end_is_given_up()
    {
        await using World world = await World.StartAsync();
        world.Web.Answer = _ => Web.File(MediaStage.Jpeg(2_000_000), "image/jpeg", hangsAt: 900_000);
        Task<GraphError> refused = world.RefusedAsync(MediaKind.Image, Link);
        while (!refused.IsCompleted)
        {
            world.Stage.Time.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(5);
        }

        Assert.Equal(131052, (await refused).Code.Code);
    }

    [Theory]
    [InlineData("https://b.example.com/x", true)]
    [InlineData("/elsewhere", true)]
    [InlineData("http://b.example.com/x", false)]
    [InlineData("https://169.254.169.254/latest/meta-data", false)]
    [InlineData("https://localhost/x", false)]
    [InlineData("https://10.0.0.1/x", false)]
    [InlineData("https://b.example.com:8443/x", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("https://user:pass@b.example.com/x", false)]
    public async Task A_redirect_is_followed_where_a_link_may_lead(string to, bool isFollowed)
    {
        using Web web = new();
        web.Answer = address => address == Link ? Web.Redirect(to) : Web.File(MediaStage.Jpeg(100), "image/jpeg");
        (LinkedFile? file, GraphError? error) = await OpenAsync(web, Link);
        Assert.Equal(isFollowed, file is not null);
        Assert.Equal(isFollowed ? 2 : 1, web.Asked.Count);
        Assert.True(isFollowed || error?.Code.Code == 131052);
        file?.Dispose();
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public async Task Three_redirects_are_followed_and_no_more(int redirects, bool isFollowed)
    {
        using Web web = new();
        web.Answer = address => web.Asked.Count <= redirects ? Web.Redirect($"/{web.Asked.Count}") : Web.File(MediaStage.Jpeg(100), "image/jpeg");
        (LinkedFile? file, _) = await OpenAsync(web, Link);
        Assert.Equal(isFollowed, file is not null);
        file?.Dispose();
    }

    [Theory]
    [InlineData("http://localhost:80/")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://2130706433/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("http://10.1.2.3/")]
    [InlineData("https://[fd00::1]/")]
    [InlineData("http://metadata/")]
    [InlineData("https://a.example.com:444/")]
    [InlineData("http://a.example.com:8080/")]
    [InlineData("ftp://a.example.com/")]
    [InlineData("https://u:p@a.example.com/")]
    [InlineData("https://a.localhost/")]
    public async Task An_address_that_is_not_of_the_public_web_is_never_asked(string link)
    {
        using Web web = new();
        (_, GraphError? error) = await OpenAsync(web, new Uri(link));
        Assert.Equal(131052, error?.Code.Code);
        Assert.Empty(web.Asked);
    }

    /// <summary>Through the connection that really looks names up: none of these addresses is connected to.</summary>
    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("168.63.129.16")]
    [InlineData("::1")]
    [InlineData("fd00::1")]
    [InlineData("::ffff:192.168.1.1")]
    public async Task A_name_that_leads_inside_is_never_connected_to(string address)
    {
        int resolved = 0;
        PublicConnect connect = new(allowLoopback: false, (_, _) => Task.FromResult<IPAddress[]>([Resolve()]));
        using HttpMessageInvoker invoker = new(WebhookClient.CreateHandler(connect));
        using HttpClient transport = new();
        FetchLink fetch = new(new OutgoingHttp(transport, invoker), new WebhookAddressPolicy(allowLoopback: false), TimeProvider.System);
        Result<LinkedFile, GraphError> result = await fetch.OpenAsync(MediaKind.Image, Link, default);
        Assert.Equal(131052, result.Error?.Code.Code);
        Assert.Equal(2, resolved);

        IPAddress Resolve()
        {
            resolved++;
            return IPAddress.Parse(address);
        }
    }

    private static async Task<(LinkedFile? File, GraphError? Error)> OpenAsync(Web web, Uri link)
    {
        using HttpMessageInvoker invoker = new(web, disposeHandler: false);
        using HttpClient transport = new();
        FetchLink fetch = new(new OutgoingHttp(transport, invoker), new WebhookAddressPolicy(allowLoopback: false), TimeProvider.System);
        Result<LinkedFile, GraphError> result = await fetch.OpenAsync(MediaKind.Image, link, default);
        return (result.TryGet(out LinkedFile? file, out GraphError? error) ? file : null, error);
    }

    private sealed class World : IAsyncDisposable
    {
        public Web Web { get; } = new();

        public MediaStage Stage { get; private set; } = null!;

        public static async Task<World> StartAsync()
        {
            World world = new();
            world.Stage = await MediaStage.StartAsync(options => options with { OutgoingHttp = new OutgoingHttp(new HttpClient(), new HttpMessageInvoker(world.Web)) });
            return world;
        }

        public async Task<DeviceMedia> AttachAsync(MediaKind kind, Uri link)
        {
            Result<DeviceMedia, GraphError> result = await Stage.Get<AttachMedia>().ExecuteAsync(await Stage.NumberAsync(), kind, MediaSource.OfLink(link), default);
            return result.TryGet(out DeviceMedia? media, out GraphError? error) ? media : throw new InvalidOperationException(error.Details);
        }

        public async Task<GraphError> RefusedAsync(MediaKind kind, Uri link) =>
            (await Stage.Get<AttachMedia>().ExecuteAsync(await Stage.NumberAsync(), kind, MediaSource.OfLink(link), default)).Error ?? throw new InvalidOperationException("Taken.");

        public ValueTask DisposeAsync() => Stage.DisposeAsync();
    }

    /// <summary>The rest of the web.</summary>
    private sealed class Web : HttpMessageHandler
    {
        public Func<Uri, HttpResponseMessage> Answer { get; set; } = _ => new HttpResponseMessage(HttpStatusCode.NotFound);

        /// <summary>Answers come after it.</summary>
        public Task Until { get; set; } = Task.CompletedTask;

        public List<Uri> Asked { get; } = [];

        public static HttpResponseMessage File(byte[] file, string type, bool hasLength = true, int breaksAt = int.MaxValue, int hangsAt = int.MaxValue)
        {
            StreamContent content = new(new Slow(file, breaksAt, hangsAt));
            content.Headers.ContentType = new MediaTypeHeaderValue(type);
            content.Headers.ContentLength = hasLength ? file.Length : null;
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
        }

        public static HttpResponseMessage Redirect(string to) => new(HttpStatusCode.Found) { Headers = { Location = new Uri(to, UriKind.RelativeOrAbsolute) } };

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request.RequestUri!);
            await Until.WaitAsync(cancellationToken);
            return Answer(request.RequestUri!);
        }
    }

    private sealed class Slow(byte[] file, int breaksAt, int hangsAt) : ForwardStream
    {
        private int _at;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            if (_at >= breaksAt)
            {
                throw new HttpIOException(HttpRequestError.ResponseEnded);
            }

            if (_at >= hangsAt)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            int count = Math.Min(Math.Min(buffer.Length, 30_000), file.Length - _at);
            file.AsMemory(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }
    }
}

using Relay.Shared.Accounts;
using Relay.Shared.Content;
using Relay.Shared.Graph;
using Relay.Shared.Media;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Client;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Media;

/// <summary>An uploaded file on its way to a device, and the check of its id beforehand.</summary>
public sealed class AttachMediaTests
{
    [Fact]
    public async Task A_device_gets_the_file_and_the_second_message_leads_to_the_same_attachment()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        BusinessNumber number = await stage.NumberAsync();
        RawDevice device = await stage.Relay.RawDeviceAsync();
        byte[] file = MediaStage.Pdf(300_000);
        string id = await stage.UploadAsync(file, "application/pdf");
        DeviceMedia media = await AttachAsync(stage, MediaKind.Document, id);
        Assert.Equal(("application/pdf", 300_000L, Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(file))), (media.MimeType, media.Size, media.Sha256));
        Assert.Equal(file, await SentAttachment.GetAsync(stage.Get<TransportClient>(), device.Credential, media.Attachment));

        Assert.Equal(media.Attachment.Id, (await AttachAsync(stage, MediaKind.Document, id)).Attachment.Id);
        Assert.Single(stage.TransportAccount.Blobs.Everything());
        stage.Time.Advance(AttachMedia.ReuseLife);
        Assert.NotEqual(media.Attachment.Id, (await AttachAsync(stage, MediaKind.Document, id)).Attachment.Id);
    }

    [Fact]
    public async Task Messages_that_come_together_share_one_attachment()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        string id = await stage.UploadAsync(MediaStage.Jpeg(200_000), "image/jpeg");
        DeviceMedia[] all = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => AttachAsync(stage, MediaKind.Image, id)));
        Assert.Single(all.Select(media => media.Attachment.Id).Distinct());
        Assert.Single(stage.TransportAccount.Blobs.Everything());
    }

    [Fact]
    public async Task What_can_not_be_sent_is_told_at_once_and_without_a_read()
    {
        int reads = 0;
        await using MediaStage stage = await MediaStage.StartAsync(options => options with
        {
            RelayStorage = options.RelayStorage! with
            {
                Tables = new FaultyTableStore(options.RelayStorage.Tables, new FaultPlan(call => call.Target == TableNames.Media && Interlocked.Increment(ref reads) < 0 ? Fault.RequestLost : null), "relay"),
            },
        });
        BusinessNumber number = await stage.NumberAsync();
        string jpeg = await stage.UploadAsync(MediaStage.Jpeg(100), "image/jpeg", ttl: "60");
        CheckMedia check = stage.Get<CheckMedia>();
        reads = 0;
        Assert.Null(await check.ExecuteAsync(number, MediaKind.Image, jpeg, default));
        Assert.Null(await check.ExecuteAsync(number, MediaKind.Document, jpeg, default));
        GraphError? wrongKind = await check.ExecuteAsync(number, MediaKind.Video, jpeg, default);
        Assert.Equal(131009, wrongKind?.Code.Code);
        Assert.Contains("image/jpeg, but video takes video/mp4, video/3gpp", wrongKind?.Details, StringComparison.Ordinal);
        Assert.Contains("POST /<phone-number-id>/media", (await check.ExecuteAsync(number, MediaKind.Image, "123", default))?.Details, StringComparison.Ordinal);
        stage.Time.Advance(TimeSpan.FromMinutes(61));
        Assert.Contains("expired", (await check.ExecuteAsync(number, MediaKind.Image, jpeg, default))?.Details, StringComparison.Ordinal);
        Assert.Equal(0, reads);
    }

    [Fact]
    public async Task A_file_that_is_gone_when_its_turn_comes_is_an_error_for_good()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        string id = await stage.UploadAsync(MediaStage.Jpeg(100), "image/jpeg");
        await stage.Account.Blobs.DeleteAsync(ContainerNames.Media, stage.Account.Blobs.Everything().Single().Name, default);
        Result<DeviceMedia, GraphError> result = await stage.Get<AttachMedia>().ExecuteAsync(await stage.NumberAsync(), MediaKind.Image, MediaSource.OfId(id), default);
        Assert.Equal(131053, result.Error?.Code.Code);
    }

    [Theory]
    [InlineData(Fault.CrashBefore)]
    [InlineData(Fault.CrashAfter)]
    [InlineData(Fault.RequestLost)]
    [InlineData(Fault.ReplyLost)]
    public async Task What_meets_a_fault_anywhere_throws_and_goes_well_the_next_time(Fault fault)
    {
        for (int k = 0; ; k++)
        {
            int seen = 0;
            bool isOn = false;
            FaultPlan plan = new(call => isOn && call.Target == TableNames.Media | call.Target == ContainerNames.Media && seen++ == k ? fault : null);
            await using MediaStage stage = await MediaStage.StartAsync(options => options with
            {
                RelayStorage = new RelayStorage(new FaultyTableStore(options.RelayStorage!.Tables, plan, "relay"), options.RelayStorage.Queues, new FaultyBlobs(options.RelayStorage.Blobs, plan)),
            });
            byte[] file = MediaStage.Jpeg(100_000);
            string id = await stage.UploadAsync(file, "image/jpeg");
            RawDevice device = await stage.Relay.RawDeviceAsync();
            BusinessNumber number = await stage.NumberAsync();
            isOn = true;
            Exception? thrown = await Record.ExceptionAsync(() => stage.Get<AttachMedia>().ExecuteAsync(number, MediaKind.Image, MediaSource.OfId(id), default));
            if (seen <= k)
            {
                Assert.Null(thrown);
                Assert.True(k >= 3);
                return;
            }

            Assert.True(thrown is StorageFaultException or SimulatedCrashException);
            plan.Restart("relay");
            DeviceMedia media = await AttachAsync(stage, MediaKind.Image, id);
            Assert.Equal(file, await SentAttachment.GetAsync(stage.Get<TransportClient>(), device.Credential, media.Attachment));
        }
    }

    [Fact]
    public async Task A_transport_that_is_away_or_breaks_off_is_thrown_and_tried_again()
    {
        bool isAway = true;
        AwayTransport handler = new(() => isAway);
        using HttpClient http = new(handler);
        using HttpMessageInvoker webhooks = new(new SocketsHttpHandler());
        await using MediaStage stage = await MediaStage.StartAsync(options => options with { OutgoingHttp = new Relay.Shared.Hosting.OutgoingHttp(http, webhooks) });
        string id = await stage.UploadAsync(MediaStage.Jpeg(2_000_000), "image/jpeg");
        BusinessNumber number = await stage.NumberAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => stage.Get<AttachMedia>().ExecuteAsync(number, MediaKind.Image, MediaSource.OfId(id), default));
        Assert.Empty(stage.TransportAccount.Blobs.Everything());
        isAway = false;
        await AttachAsync(stage, MediaKind.Image, id);
    }

    private static async Task<DeviceMedia> AttachAsync(MediaStage stage, MediaKind kind, string id)
    {
        Result<DeviceMedia, GraphError> result = await stage.Get<AttachMedia>().ExecuteAsync(await stage.NumberAsync(), kind, MediaSource.OfId(id), default);
        return result.TryGet(out DeviceMedia? media, out GraphError? error) ? media : throw new InvalidOperationException(error.Details);
    }

    /// <summary>Dies while an attachment is on its way.</summary>
    private sealed class AwayTransport(Func<bool> isAway) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (isAway() && request.RequestUri?.AbsolutePath.EndsWith("/attachments", StringComparison.Ordinal) == true)
            {
                await using Stream body = await request.Content!.ReadAsStreamAsync(cancellationToken);
                await body.ReadExactlyAsync(new byte[100_000], cancellationToken);
                throw new HttpRequestException("Broken off.");
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}

using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Functions.Http;
using Relay.Shared.Accounts;
using Relay.Shared.Content;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Media;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Media;

/// <summary>Files each way on the emulator, and the bound on how many come at once.</summary>
public sealed class MediaTierTests
{
    [Fact]
    public async Task Files_go_each_way_on_the_emulator()
    {
        await using TestRelay relay = await TestRelay.OnAzuriteAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        IServiceProvider services = relay.Local.Services;
        BusinessNumber number = await services.GetRequiredService<AccountDirectory>().FindNumberAsync(
            MediaStage.BusinessOf(business), PhoneNumberId.Parse(business.PhoneNumberId), default) ?? throw new InvalidOperationException("No number.");
        byte[] file = MediaStage.Pdf(3_300_000);
        (HttpStatusCode status, JsonElement uploaded) = await business.PostAsync(MediaStage.Form(file, "application/pdf"), path: $"v25.0/{business.PhoneNumberId}/media");
        Assert.True(status == HttpStatusCode.OK, uploaded.ToString());
        string id = TestRelay.Text(uploaded, "id");
        Assert.Equal(file, await relay.Http.GetByteArrayAsync(new Uri(TestRelay.Text((await business.GetAsync(id)).Answer, "url"))));

        RawDevice device = await relay.RawDeviceAsync();
        TransportClient transport = services.GetRequiredService<TransportClient>();
        Result<DeviceMedia, GraphError> attached = await services.GetRequiredService<AttachMedia>().ExecuteAsync(number, MediaKind.Document, MediaSource.OfId(id), default);
        Assert.True(attached.TryGet(out DeviceMedia? media, out _));
        Assert.Equal(file, await SentAttachment.GetAsync(transport, device.Credential, media.Attachment));

        ConversationKey conversation = new(number.Business, ConversationId.Create());
        EnvelopeId message = EnvelopeId.Create();
        DeviceMedia sent = await SentAttachment.PutAsync(transport, device.Credential, file, "application/pdf");
        Result<ReceivedMedia, GraphError>[] taken = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ =>
            services.GetRequiredService<TakeMedia>().ExecuteAsync(number, conversation, message, MediaKind.Document, sent, default)));
        string[] ids = [.. taken.Select(one => one.TryGet(out ReceivedMedia? received, out _) ? received.Id : string.Empty).Distinct()];
        Assert.Equal(file, await relay.Http.GetByteArrayAsync(new Uri(TestRelay.Text((await business.GetAsync(Assert.Single(ids))).Answer, "url"))));

        Assert.Equal(HttpStatusCode.OK, (await business.DeleteAsync(id)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await business.GetAsync(id)).Status);
    }

    [Fact]
    public async Task A_sender_beyond_the_bound_is_asked_to_wait_and_the_bound_is_given_back()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        List<IDisposable> taken = [];
        while (stage.Get<TransferSlots>().TryTake(out IDisposable? slot))
        {
            taken.Add(slot);
        }

        Assert.Equal(TransferSlots.Max, taken.Count);
        (HttpStatusCode status, JsonElement answer) = await stage.TryUploadAsync(MediaStage.Form(MediaStage.Jpeg(100), "image/jpeg"));
        Assert.Equal((HttpStatusCode.TooManyRequests, 4), (status, MediaStage.Error(answer).Code));
        taken[0].Dispose();
        taken[0].Dispose();
        await stage.UploadAsync(MediaStage.Jpeg(100), "image/jpeg");
        await stage.UploadAsync(MediaStage.Jpeg(100), "image/jpeg");
    }
}

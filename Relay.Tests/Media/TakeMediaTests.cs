using System.Security.Cryptography;
using System.Text.Json;
using Relay.Shared.Accounts;
using Relay.Shared.Content;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Media;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Client;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Media;

/// <summary>A user's file on its way to the business.</summary>
public sealed class TakeMediaTests
{
    [Fact]
    public async Task The_business_gets_the_file_by_its_address_and_by_its_id()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        byte[] file = MediaStage.Jpeg(1_300_000);
        ReceivedMedia received = await TakeAsync(stage, stage.NewConversation(), EnvelopeId.Create(), await SendAsync(stage, file, "image/jpeg"));
        Assert.Equal(("image/jpeg", file.LongLength, Convert.ToBase64String(SHA256.HashData(file))), (received.MimeType, received.Size, received.Sha256));
        Assert.Equal(file, await stage.Relay.Http.GetByteArrayAsync(new Uri(received.Url)));
        (_, JsonElement node) = await stage.Business.GetAsync(received.Id);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), TestRelay.Text(node, "sha256"));
        Assert.Equal(file, await stage.Relay.Http.GetByteArrayAsync(new Uri(TestRelay.Text(node, "url"))));
        Assert.Null(await stage.Get<CheckMedia>().ExecuteAsync(await stage.NumberAsync(), MediaKind.Image, received.Id, default));
    }

    [Theory]
    [InlineData("image/jpeg", "image/jpeg")]
    [InlineData("image/png", "image/jpeg")]
    [InlineData("application/zip", "application/zip")]
    [InlineData("text/html\r\nX: y", "image/jpeg")]
    [InlineData("", "image/jpeg")]
    public async Task What_a_device_says_of_a_type_is_not_believed_against_the_bytes(string said, string told)
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        Assert.Equal(told, (await TakeAsync(stage, stage.NewConversation(), EnvelopeId.Create(), await SendAsync(stage, MediaStage.Jpeg(1_000), said))).MimeType);
    }

    [Fact]
    public async Task A_second_run_and_one_at_the_same_time_and_one_on_the_next_day_give_the_same_id_and_one_file()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        DeviceMedia media = await SendAsync(stage, MediaStage.Jpeg(400_000), "image/jpeg");
        ConversationKey conversation = stage.NewConversation();
        EnvelopeId message = EnvelopeId.Create();
        ReceivedMedia[] together = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => TakeAsync(stage, conversation, message, media)));
        stage.Time.Advance(TimeSpan.FromDays(1));
        ReceivedMedia later = await TakeAsync(stage, conversation, message, media);
        Assert.Single(together.Append(later).Select(one => one.Id).Distinct());
        Assert.Single(stage.Account.Blobs.Everything());
        Assert.Equal(2, stage.Rows.Count());
    }

    [Fact]
    public async Task A_file_that_is_damaged_gone_or_too_large_is_an_error_for_good_and_leaves_nothing()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        DeviceMedia good = await SendAsync(stage, MediaStage.Jpeg(300_000), "image/jpeg");
        AttachmentPointer Changed(string? id = null, byte[]? digest = null, long? size = null) => new()
        {
            Id = id ?? good.Attachment.Id, Key = good.Attachment.Key, Digest = digest ?? good.Attachment.Digest, Size = size ?? good.Attachment.Size,
        };
        foreach (AttachmentPointer wrong in (AttachmentPointer[])
        [
            Changed(digest: new byte[32]), Changed(digest: []), Changed(size: 5_000_000), Changed(size: MediaLimits.MaxBytes + 1), Changed(size: 0),
            Changed(id: good.Attachment.Id[..^1] + "g"), Changed(id: good.Attachment.Id[..8] + new string('0', 32)), Changed(id: "../../x"),
        ])
        {
            Result<ReceivedMedia, GraphError> result = await stage.Get<TakeMedia>().ExecuteAsync(
                await stage.NumberAsync(), stage.NewConversation(), EnvelopeId.Create(), MediaKind.Image, good with { Attachment = wrong }, default);
            Assert.Equal(131052, result.Error?.Code.Code);
        }

        Assert.Empty(stage.Account.Blobs.Everything());
        Assert.DoesNotContain(stage.Rows, row => row.PartitionKey == stage.Business.Id);
    }

    [Theory]
    [InlineData(Fault.CrashBefore)]
    [InlineData(Fault.CrashAfter)]
    [InlineData(Fault.RequestLost)]
    [InlineData(Fault.ReplyLost)]
    public async Task What_meets_a_fault_anywhere_is_one_file_in_the_end(Fault fault)
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
            DeviceMedia media = await SendAsync(stage, file, "image/jpeg");
            BusinessNumber number = await stage.NumberAsync();
            ConversationKey conversation = stage.NewConversation();
            EnvelopeId message = EnvelopeId.Create();
            isOn = true;
            Exception? thrown = await Record.ExceptionAsync(() => stage.Get<TakeMedia>().ExecuteAsync(number, conversation, message, MediaKind.Image, media, default));
            if (seen <= k)
            {
                Assert.Null(thrown);
                Assert.True(k >= 6);
                return;
            }

            Assert.True(thrown is StorageFaultException or SimulatedCrashException, thrown?.ToString());
            plan.Restart("relay");
            stage.Time.Advance(TimeSpan.FromDays(1));
            ReceivedMedia received = await TakeAsync(stage, conversation, message, media);
            Assert.Equal(file, await stage.Relay.Http.GetByteArrayAsync(new Uri(received.Url)));
            Assert.Single(stage.Account.Blobs.Everything());
            Assert.Equal(2, stage.Rows.Count());
        }
    }

    /// <summary>An erasure looks twice: what its second look can't find stays for days.</summary>
    [Fact]
    public async Task An_erasure_at_any_moment_leaves_nothing_that_its_second_look_does_not_find()
    {
        for (int k = 0; ; k++)
        {
            int seen = 0;
            Func<Task<(int, bool)>>? erase = null;
            FaultPlan plan = new(call =>
            {
                if (erase is not null && (call.Target == TableNames.Media || call.Target == ContainerNames.Media) && seen++ == k)
                {
                    Assert.True(erase().IsCompletedSuccessfully);
                }

                return null;
            });
            await using MediaStage stage = await MediaStage.StartAsync(options => options with
            {
                RelayStorage = new RelayStorage(new FaultyTableStore(options.RelayStorage!.Tables, plan, "relay"), options.RelayStorage.Queues, new FaultyBlobs(options.RelayStorage.Blobs, plan)),
            });
            DeviceMedia media = await SendAsync(stage, MediaStage.Jpeg(1_000), "image/jpeg");
            BusinessNumber number = await stage.NumberAsync();
            ConversationKey conversation = stage.NewConversation();
            Sealer sealer = stage.Get<RelayKeys>().Sealer;
            RemoveFiles remove = new(new MediaStore(stage.Account.Tables, sealer), new MediaBlobs(stage.Account.Blobs, sealer));
            erase = () => remove.ExecuteAsync(conversation, default);
            await Record.ExceptionAsync(() => stage.Get<TakeMedia>().ExecuteAsync(number, conversation, EnvelopeId.Create(), MediaKind.Image, media, default));
            erase = null;
            await remove.ExecuteAsync(conversation, default);
            Assert.True(!stage.Rows.Any() && stage.Account.Blobs.Everything().Count == 0, $"Erased before call {k}.");
            if (seen <= k)
            {
                Assert.True(k >= 6);
                return;
            }
        }
    }

    [Fact]
    public async Task A_user_s_file_lies_in_clear_nowhere()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        byte[] file = MediaStage.Jpeg(200_000);
        ReceivedMedia received = await TakeAsync(stage, stage.NewConversation(), EnvelopeId.Create(), await SendAsync(stage, file, "image/jpeg"));
        byte[][] secrets = [file[1_000..1_032], file[150_000..150_032], SHA256.HashData(file), System.Text.Encoding.ASCII.GetBytes("image/jpeg"), System.Text.Encoding.ASCII.GetBytes(received.Id)];
        Assert.All(stage.AtRest(), bytes => Assert.All(secrets, secret => Assert.True(bytes.AsSpan().IndexOf(secret) < 0)));
    }

    internal static async Task<DeviceMedia> SendAsync(MediaStage stage, byte[] file, string mimeType)
    {
        RawDevice device = await stage.Relay.RawDeviceAsync();
        return await SentAttachment.PutAsync(stage.Get<TransportClient>(), device.Credential, file, mimeType);
    }

    internal static async Task<ReceivedMedia> TakeAsync(MediaStage stage, ConversationKey conversation, EnvelopeId message, DeviceMedia media)
    {
        Result<ReceivedMedia, GraphError> result = await stage.Get<TakeMedia>().ExecuteAsync(await stage.NumberAsync(), conversation, message, MediaKind.Image, media, default);
        return result.TryGet(out ReceivedMedia? received, out GraphError? error) ? received : throw new InvalidOperationException(error.Details);
    }
}

using System.Net;
using Relay.Shared.Conversations;
using Relay.Shared.Media;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Client;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Media;

/// <summary>How files end: with their time, with their conversation, with their business.</summary>
public sealed class MediaEndTests
{
    [Fact]
    public async Task An_upload_lives_as_long_as_its_day_s_key_and_a_user_s_file_for_seven_days()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        string upload = await stage.UploadAsync(MediaStage.Jpeg(100), "image/jpeg");
        string brief = await stage.UploadAsync(MediaStage.Jpeg(100), "image/jpeg", ttl: "60");
        string received = (await TakeMediaTests.TakeAsync(stage, stage.NewConversation(), EnvelopeId.Create(), await TakeMediaTests.SendAsync(stage, MediaStage.Jpeg(100), "image/jpeg"))).Id;
        await stage.PassAsync(TimeSpan.FromMinutes(59));
        Assert.Equal(HttpStatusCode.OK, (await stage.Business.GetAsync(brief)).Status);
        await stage.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.BadRequest, (await stage.Business.GetAsync(brief)).Status);
        Assert.Equal(2, stage.Account.Blobs.Everything().Count);

        await stage.PassAsync(TimeSpan.FromDays(6.9));
        Assert.Equal(HttpStatusCode.OK, (await stage.Business.GetAsync(received)).Status);
        await stage.PassAsync(TimeSpan.FromHours(3));
        Assert.Equal(HttpStatusCode.BadRequest, (await stage.Business.GetAsync(received)).Status);
        Assert.Single(stage.Account.Blobs.Everything());
        Assert.Single(stage.Rows);

        await stage.PassAsync(TimeSpan.FromDays(21));
        Assert.Equal(HttpStatusCode.OK, (await stage.Business.GetAsync(upload)).Status);
        await stage.PassAsync(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.BadRequest, (await stage.Business.GetAsync(upload)).Status);
        Assert.Empty(stage.Account.Blobs.Everything());
        Assert.Empty(stage.Rows);
        Assert.Empty(stage.TransportAccount.Blobs.Everything());
    }

    [Fact]
    public async Task A_number_s_own_retention_is_shorter_than_all()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        await stage.Business.PostAsync(
            """{"storage_configuration":{"status":"NO_STORAGE_ENABLED","retention_minutes":60}}""", path: $"v25.0/{stage.Business.PhoneNumberId}/settings");
        stage.Time.Advance(TimeSpan.FromMinutes(1));
        string upload = await stage.UploadAsync(MediaStage.Jpeg(100), "image/jpeg", ttl: "43200");
        await TakeMediaTests.TakeAsync(stage, stage.NewConversation(), EnvelopeId.Create(), await TakeMediaTests.SendAsync(stage, MediaStage.Jpeg(100), "image/jpeg"));
        await stage.PassAsync(TimeSpan.FromMinutes(62));
        Assert.Equal(HttpStatusCode.BadRequest, (await stage.Business.GetAsync(upload)).Status);
        Assert.Empty(stage.Rows);
        Assert.Empty(stage.Account.Blobs.Everything());
    }

    [Fact]
    public async Task Links_are_forgotten_soon()
    {
        await using MediaStage stage = await MediaStage.StartAsync(options => options with
        {
            OutgoingHttp = new Relay.Shared.Hosting.OutgoingHttp(new HttpClient(), new HttpMessageInvoker(new OneFile())),
        });
        Assert.True((await stage.Get<AttachMedia>().ExecuteAsync(await stage.NumberAsync(), MediaKind.Image, MediaSource.OfLink(new Uri("https://a.example.com/b")), default)).TryGet(out _, out _));
        Assert.Single(stage.Rows);
        await stage.PassAsync(TimeSpan.FromMinutes(21));
        Assert.Empty(stage.Rows);
    }

    /// <summary>A process that died with a blob written and its row gone: found by the day in its name.</summary>
    [Fact]
    public async Task A_blob_that_no_row_leads_to_goes_with_its_day()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        await stage.UploadAsync(MediaStage.Jpeg(100), "image/jpeg");
        TableRow row = stage.Rows.Single();
        await stage.Account.Tables.CommitAsync(TableNames.Media, row.PartitionKey, [TableWrite.Delete(row.RowKey, null)], default);
        await stage.PassAsync(TimeSpan.FromDays(28));
        Assert.Single(stage.Account.Blobs.Everything());
        await stage.PassAsync(TimeSpan.FromDays(1));
        Assert.Empty(stage.Account.Blobs.Everything());
    }

    [Fact]
    public async Task An_upload_that_was_given_up_half_way_is_gone_within_hours()
    {
        bool isCut = false;
        FaultPlan plan = new(call => isCut && call is { Name: "table:commit", Target: TableNames.Media, Detail: "Delete+Insert" } ? Fault.CrashBefore : null);
        await using MediaStage stage = await MediaStage.StartAsync(options => options with
        {
            RelayStorage = options.RelayStorage! with { Tables = new FaultyTableStore(options.RelayStorage.Tables, plan, "relay") },
        });
        isCut = true;
        Assert.Equal(HttpStatusCode.InternalServerError, (await stage.TryUploadAsync(MediaStage.Form(MediaStage.Jpeg(100), "image/jpeg"))).Status);
        plan.Restart("relay");
        isCut = false;
        Assert.Single(stage.Account.Blobs.Everything());
        await stage.PassAsync(TimeSpan.FromMinutes(62));
        Assert.Empty(stage.Account.Blobs.Everything());
        Assert.Empty(stage.Rows);
    }

    [Fact]
    public async Task A_user_s_files_are_erased_with_the_user_and_nobody_else_s()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        RawDevice device = await stage.Relay.RawDeviceAsync();
        string number = TestRelay.RandomNumber();
        ConversationKey erased = await ConversationAsync(stage, number);
        ConversationKey other = await ConversationAsync(stage, TestRelay.RandomNumber());
        foreach (ConversationKey conversation in new[] { erased, erased, other })
        {
            await TakeMediaTests.TakeAsync(
                stage, conversation, EnvelopeId.Create(), await SentAttachment.PutAsync(stage.Get<TransportClient>(), device.Credential, MediaStage.Jpeg(100), "image/jpeg"));
        }

        string upload = await stage.UploadAsync(MediaStage.Jpeg(100), "image/jpeg");
        (HttpStatusCode status, _) = await stage.Business.DeleteAsync($"relay/v1/contacts/{number[1..]}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(2, stage.Account.Blobs.Everything().Count);
        Assert.DoesNotContain(stage.Rows, row => row.PartitionKey == erased.Partition);
        Assert.Contains(stage.Rows, row => row.PartitionKey == other.Partition);
        Assert.Equal(HttpStatusCode.OK, (await stage.Business.GetAsync(upload)).Status);
    }

    [Fact]
    public async Task A_closed_business_leaves_no_file()
    {
        await using MediaStage stage = await MediaStage.StartAsync();
        TestBusiness other = await stage.Relay.BusinessAsync(null);
        await stage.UploadAsync(MediaStage.Jpeg(100), "image/jpeg");
        await TakeMediaTests.TakeAsync(stage, await ConversationAsync(stage, TestRelay.RandomNumber()), EnvelopeId.Create(), await TakeMediaTests.SendAsync(stage, MediaStage.Jpeg(100), "image/jpeg"));
        (HttpStatusCode status, _) = await other.PostAsync(MediaStage.Form(MediaStage.Jpeg(100), "image/jpeg"), path: $"v25.0/{other.PhoneNumberId}/media");
        Assert.Equal(HttpStatusCode.OK, status);
        await stage.Relay.AdminAsync(HttpMethod.Delete, $"businesses/{stage.Business.Id}", new { });
        for (int i = 0; i < 3; i++)
        {
            await stage.Relay.DrainAsync();
            stage.Time.Advance(TimeSpan.FromMinutes(3));
        }

        Assert.All(stage.Account.Blobs.Everything(), blob => Assert.Contains($"/{other.Id}/", blob.Name, StringComparison.Ordinal));
        Assert.All(stage.Rows, row => Assert.Equal(other.Id, row.PartitionKey));
        Assert.Single(stage.Account.Blobs.Everything());
    }

    /// <summary>A conversation that the relay knows, as after a first message to that number.</summary>
    private static async Task<ConversationKey> ConversationAsync(MediaStage stage, string number)
    {
        string[] before = Conversations(stage);
        await stage.Business.SendTextAsync(number, "hello");
        string made = Assert.Single(Conversations(stage).Except(before));
        return new ConversationKey(MediaStage.BusinessOf(stage.Business), ConversationId.TryParse(made, out ConversationId id) ? id : throw new FormatException());
    }

    private static string[] Conversations(MediaStage stage) => [.. stage.Account.Rows(TableNames.Lookup).Select(row => row.Get<string>("conv"))];

    private sealed class OneFile : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(MediaStage.Jpeg(100)) });
    }
}

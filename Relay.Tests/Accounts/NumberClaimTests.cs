using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.LocalHost;
using Relay.Shared.Accounts;
using Relay.Shared.Hosting;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Accounts;

/// <summary>A number is one business's, and registering it is one act however often it is tried.</summary>
public sealed class NumberClaimTests
{
    [Fact]
    public async Task A_number_of_another_business_is_refused_and_nothing_of_the_attempt_stays()
    {
        LocalRelayOptions options = new();
        MemoryAccount account = new(options.Time);
        await using TestRelay relay = await TestRelay.StartAsync(options with { RelayStorage = new(account.Tables, account.Queues, account.Blobs) });
        TestBusiness first = await relay.BusinessAsync(null);
        TestBusiness second = await relay.BusinessAsync(null);
        (int Numbers, int Keys) before = (account.Rows(TableNames.Numbers).Count(), account.Rows(TableNames.PreKeys).Count());

        (HttpStatusCode status, JsonElement answer) = await relay.TryAdminAsync(
            HttpMethod.Post, $"businesses/{second.Id}/phone_numbers", new { phone_number = first.Number, verified_name = "Test" });

        Assert.Equal((HttpStatusCode.BadRequest, 131009), (status, answer.GetProperty("error").GetProperty("code").GetInt32()));
        Assert.Equal(before, (account.Rows(TableNames.Numbers).Count(), account.Rows(TableNames.PreKeys).Count()));
    }

    [Fact]
    public async Task Registering_a_number_again_gives_the_id_that_it_has_and_goes_on_talking()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        using TestDevice device = await relay.DeviceAsync();

        JsonElement again = await relay.AdminAsync(
            HttpMethod.Post, $"businesses/{business.Id}/phone_numbers", new { phone_number = business.Number, verified_name = "Test" });
        Assert.Equal(business.PhoneNumberId, TestRelay.Text(again, "id"));

        await device.SendAsync(business.Number, "Hello");
        await relay.DrainAsync();
        Assert.Equal("Hello", TestRelay.Text(Assert.Single(receiver.Deliveries).Message.GetProperty("text"), "body"));
    }

    [Fact]
    public async Task A_claim_that_was_cut_short_and_then_refused_leaves_nothing()
    {
        LocalRelayOptions options = new();
        MemoryAccount account = new(options.Time);
        await using TestRelay relay = await TestRelay.StartAsync(options with { RelayStorage = new(account.Tables, account.Queues, account.Blobs) });
        TestBusiness first = await relay.BusinessAsync(null);
        TestBusiness second = await relay.BusinessAsync(null);
        (int Numbers, int Keys) before = (account.Rows(TableNames.Numbers).Count(), account.Rows(TableNames.PreKeys).Count());
        using SecretBytes secret = SecretBytes.Random(32);
        using IdentityKeyPair identity = IdentityKeyPair.Generate();
        await relay.Local.Services.GetRequiredService<NumberStore>().AddAsync(
            new BusinessNumber
            {
                Business = BusinessId.Parse(second.Id),
                Id = PhoneNumberId.Create(),
                Number = TestDevice.Of(first.Number),
                VerifiedName = "Test",
                Identity = identity,
                RegistrationId = 1,
                PushSecret = secret,
                Credential = null,
            },
            default);

        (HttpStatusCode status, _) = await relay.TryAdminAsync(
            HttpMethod.Post, $"businesses/{second.Id}/phone_numbers", new { phone_number = first.Number, verified_name = "Test" });
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(before, (account.Rows(TableNames.Numbers).Count(), account.Rows(TableNames.PreKeys).Count()));
    }

    [Fact]
    public async Task A_setting_made_while_the_number_is_registered_again_stays()
    {
        LocalRelayOptions options = new();
        MemoryAccount account = new(options.Time);
        await using TestRelay relay = await TestRelay.StartAsync(options with { RelayStorage = new(account.Tables, account.Queues, account.Blobs) });
        TestBusiness business = await relay.BusinessAsync(null);
        NumberStore numbers = relay.Local.Services.GetRequiredService<NumberStore>();
        BusinessId id = BusinessId.Parse(business.Id);
        PhoneNumberId phone = PhoneNumberId.Parse(business.PhoneNumberId);
        BusinessNumber read = (await numbers.FindAsync(id, phone, default))!;
        await numbers.SetChecksIdentityAsync(id, phone, true, default);
        Assert.True(await numbers.SetCredentialAsync(read.With(read.Credential!), default));
        Assert.True((await numbers.FindAsync(id, phone, default))!.ChecksIdentity);
    }

    [Fact]
    public async Task A_number_whose_registration_was_cut_short_is_not_lost_when_the_next_try_is_refused()
    {
        using Unreliable http = new();
        await using TestRelay relay = await TestRelay.StartAsync(new LocalRelayOptions
        {
            OutgoingHttp = new OutgoingHttp(new HttpClient(http), new HttpMessageInvoker(new WebhookStub())),
        });
        TestBusiness business = await relay.BusinessAsync(null);
        string number = TestRelay.RandomNumber();
        http.Next = new([Way.ReplyLost, Way.Refused, Way.Good]);
        List<HttpStatusCode> answers = [];
        for (int i = 0; i < 3; i++)
        {
            answers.Add((await relay.TryAdminAsync(
                HttpMethod.Post, $"businesses/{business.Id}/phone_numbers", new { phone_number = number, verified_name = "Test" })).Status);
        }

        Assert.Equal(HttpStatusCode.OK, answers[2]);
        Assert.DoesNotContain(HttpStatusCode.OK, answers.Take(2));
    }

    private enum Way
    {
        Good,
        ReplyLost,
        Refused,
    }

    private sealed class Unreliable() : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
    {
        /// <summary>What happens to the next calls, in order.</summary>
        public Queue<Way> Next { get; set; } = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            switch (Next.TryDequeue(out Way way) ? way : Way.Good)
            {
                case Way.Refused:
                    return new HttpResponseMessage(HttpStatusCode.Unauthorized) { Content = new StringContent("""{"error":{"code":"unauthorized","message":"No."}}""") };
                case Way.ReplyLost:
                    (await base.SendAsync(request, cancellationToken)).Dispose();
                    throw new HttpRequestException("Lost on the way.");
                default:
                    return await base.SendAsync(request, cancellationToken);
            }
        }
    }
}

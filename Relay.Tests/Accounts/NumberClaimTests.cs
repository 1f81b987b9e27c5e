using System.Net;
using System.Text.Json;
using Relay.LocalHost;
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
        await using TestRelay relay = await TestRelay.StartAsync(options with { RelayStorage = new(account.Tables, account.Queues) });
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
}

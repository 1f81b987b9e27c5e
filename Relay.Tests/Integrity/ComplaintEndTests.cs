using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Phone;
using Relay.Shared.Primitives;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>Reports and blocks from a real device through the front door: what the business sees, and what it doesn't.</summary>
public sealed class ComplaintEndTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_device_reports_the_last_message_of_a_business_and_shows_what_it_said_only_if_told()
    {
        await using JudgedBusiness judged = await JudgedBusiness.StartAsync();
        (TestRelay relay, TestBusiness business) = (judged.Relay, judged.Business);
        using TestDevice user = await relay.DeviceAsync();
        using TestDevice friend = await relay.DeviceAsync();
        await friend.SendAsync(user.Number, "not to be reported");
        await business.SendTextAsync(user.Number, "buy this");
        await business.SendTextAsync(user.Number, "buy that");
        await relay.DrainAsync();
        string first = (await user.ReceiveAsync()).First(message => message.Text == "buy this").Id;
        await Assert.ThrowsAsync<PhoneException>(() => user.Phone.ReportAsync(friend.PhoneNumber, null, false, None));
        Assert.Contains("no key", (await Assert.ThrowsAsync<PhoneException>(() => user.Phone.ReportAsync(TestDevice.Of(business.Number), null, withContent: true, None))).Message, StringComparison.Ordinal);
        await relay.AdminAsync(HttpMethod.Put, "report_key", new { public_key = Convert.ToBase64String(Reporting.PublicKey) });
        Assert.True(await user.Phone.ReportAsync(TestDevice.Of(business.Number), null, withContent: true, None));
        Assert.False(await user.Phone.ReportAsync(TestDevice.Of(business.Number), null, withContent: false, None));
        Assert.True(EnvelopeId.TryParse(first, out EnvelopeId id));
        Assert.True(await user.Phone.ReportAsync(TestDevice.Of(business.Number), id, withContent: false, None));
        Assert.Equal(1, await judged.ComplainersAsync());

        JsonElement kept = Assert.Single((await relay.AdminAsync(HttpMethod.Get, $"businesses/{business.Id}/reports", new { })).GetProperty("data").EnumerateArray());
        Assert.Equal("buy that", Reporting.Open(kept.GetProperty("sealed_content").GetBytesFromBase64()));
    }

    [Fact]
    public async Task A_blocked_business_sees_sent_and_nothing_more_and_the_session_goes_on_after()
    {
        await using JudgedBusiness judged = await JudgedBusiness.StartAsync();
        (TestRelay relay, TestBusiness business) = (judged.Relay, judged.Business);
        using TestDevice user = await relay.DeviceAsync();
        await user.SendAsync(business.Number, "hello");
        await relay.DrainAsync();
        await user.Phone.BlockAsync(TestDevice.Of(business.Number), blocked: true, None);
        Assert.Equal([business.Number], await user.Phone.ListBlocksAsync(None));
        string dropped = await business.SendTextAsync(user.Number, "do you hear me?");
        await relay.DrainAsync();
        Assert.Empty(await user.ReceiveAsync());
        await relay.DrainAsync();
        Assert.Equal(["sent"], judged.StatusesOf(dropped));
        Assert.Equal(0, await judged.ComplainersAsync());

        await user.Phone.BlockAsync(TestDevice.Of(business.Number), blocked: false, None);
        string heard = await business.SendTextAsync(user.Number, "and now?");
        await relay.DrainAsync();
        Assert.Equal("and now?", Assert.Single(await user.ReceiveAsync()).Text);
        await relay.DrainAsync();
        Assert.Equal(["sent", "delivered"], judged.StatusesOf(heard));
        Assert.Equal(["sent"], judged.StatusesOf(dropped));
        Assert.Empty(relay.Faults);
    }

    [Fact]
    public async Task A_business_that_blocks_a_user_who_blocks_it_is_told_of_its_own_block_alone()
    {
        await using JudgedBusiness judged = await JudgedBusiness.StartAsync();
        (TestRelay relay, TestBusiness business) = (judged.Relay, judged.Business);
        using TestDevice user = await relay.DeviceAsync();
        await user.SendAsync(business.Number, "hello");
        await relay.DrainAsync();
        await user.Phone.BlockAsync(TestDevice.Of(business.Number), blocked: true, None);
        string body = JsonSerializer.Serialize(new { messaging_product = "whatsapp", block_users = new[] { new { user = user.Number } } });
        await business.PostAsync(body, path: $"v25.0/{business.PhoneNumberId}/block_users").OkAsync();
        await business.PostAsync(TestBusiness.Text(user.Number, "No")).FailsAsync(130403);
    }
}

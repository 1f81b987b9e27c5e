using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Integrity.Windows;
using Relay.Shared.Transport.Numbers;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>What a business meets at the end of its tier, through the front door: an error before its message is accepted, or a failed status after.</summary>
public sealed class MessagingLimitTests : IAsyncLifetime
{
    private TestRelay _relay = null!;
    private WebhookReceiver _receiver = null!;
    private TestBusiness _business = null!;

    private IServiceProvider Services => _relay.Local.Services;

    public async Task InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        _receiver = await WebhookReceiver.StartAsync();
        _business = await _relay.BusinessAsync(_receiver);
    }

    public async Task DisposeAsync()
    {
        await _relay.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task The_last_user_of_a_tier_is_messaged_and_the_next_is_not_unless_the_user_writes()
    {
        await FillAsync(249);
        using TestDevice last = await _relay.DeviceAsync();
        using TestDevice next = await _relay.DeviceAsync();
        await _business.SendTextAsync(next.Number, "accepted before anybody knew");
        await _business.SendTextAsync(last.Number, "one");
        await _relay.DrainAsync();
        Assert.Equal(250, await CountAsync());
        int taken = (await last.ReceiveAsync()).Count + (await next.ReceiveAsync()).Count;
        Assert.Equal(1, taken);
        JsonElement failed = Failed();
        Assert.Equal(131048, failed.GetProperty("errors")[0].GetProperty("code").GetInt32());

        (TestDevice inside, TestDevice outside) = failed.GetProperty("recipient_id").GetString() == next.Digits ? (last, next) : (next, last);
        Assert.Equal((HttpStatusCode.BadRequest, 131048), await RefusedAsync(outside.Number));
        await _business.SendTextAsync(inside.Number, "counted already");
        await outside.SendAsync(_business.Number, "I write first");
        await _relay.DrainAsync();
        await _business.SendTextAsync(outside.Number, "an answer");
        await _relay.DrainAsync();
        Assert.Equal("an answer", Assert.Single(await outside.ReceiveAsync()).Text);
        Assert.Single(await inside.ReceiveAsync());
        Assert.Equal(250, await CountAsync());
    }

    [Fact]
    public async Task Answers_in_the_service_window_are_not_counted()
    {
        using TestDevice user = await _relay.DeviceAsync();
        await user.SendAsync(_business.Number, "hello");
        await _relay.DrainAsync();
        await _business.SendTextAsync(user.Number, "hello yourself");
        await _relay.DrainAsync();
        await user.ReceiveAsync();
        await _relay.DrainAsync();
        Assert.Equal(0, await CountAsync());

        using TestDevice other = await _relay.DeviceAsync();
        await _business.SendTextAsync(other.Number, "an approach");
        await _business.SendTextAsync(other.Number, "and another");
        await _relay.DrainAsync();
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_restricted_business_can_only_answer()
    {
        using TestDevice user = await _relay.DeviceAsync();
        using TestDevice stranger = await _relay.DeviceAsync();
        await Services.GetRequiredService<StandingStore>().ChangeAsync(_business.Id, standing => standing with { IsRestricted = true }, CancellationToken.None);
        await user.SendAsync(_business.Number, "hello");
        await _relay.DrainAsync();
        await _business.SendTextAsync(stranger.Number, "an approach");
        await _relay.DrainAsync();
        Assert.Equal(368, Failed().GetProperty("errors")[0].GetProperty("code").GetInt32());
        Assert.Equal((HttpStatusCode.Forbidden, 368), await RefusedAsync(stranger.Number));
        await _business.SendTextAsync(user.Number, "an answer");
        await _relay.DrainAsync();
        Assert.Single(await user.ReceiveAsync());
    }

    [Fact]
    public async Task The_numbers_node_says_tier_and_quality()
    {
        (_, JsonElement node) = await _business.GetAsync($"v25.0/{_business.PhoneNumberId}?fields=quality_rating,whatsapp_business_manager_messaging_limit");
        Assert.Equal(("UNKNOWN", "TIER_250"), (TestRelay.Text(node, "quality_rating"), TestRelay.Text(node, "whatsapp_business_manager_messaging_limit")));
    }

    private JsonElement Failed() => Assert.Single(
        from delivery in _receiver.Deliveries
        where delivery.Value.TryGetProperty("statuses", out _) && delivery.StatusUpdate.GetProperty("status").GetString() == "failed"
        select delivery.StatusUpdate);

    private async Task FillAsync(int users)
    {
        for (int user = 0; user < users; user++)
        {
            NumberHash hash = NumberHash.FromBytes([.. new byte[28], .. BitConverter.GetBytes(user)]);
            Assert.True(await Services.GetRequiredService<RecipientWindows>().TryAddAsync(_business.Id, hash, MessagingTier.Tier250, CancellationToken.None));
        }
    }

    private async Task<long> CountAsync() => (await Services.GetRequiredService<RecipientWindows>().CountAsync(_business.Id, CancellationToken.None)).Users;

    private async Task<(HttpStatusCode Status, int Code)> RefusedAsync(string to)
    {
        (HttpStatusCode status, JsonElement answer) = await _business.PostAsync(JsonSerializer.Serialize(
            new { messaging_product = "whatsapp", to, type = "text", text = new { body = "refused" } }));
        return (status, answer.GetProperty("error").GetProperty("code").GetInt32());
    }
}

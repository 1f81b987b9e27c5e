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
public sealed class MessagingLimitTests
{
    [Fact]
    public async Task The_last_user_of_a_tier_is_messaged_and_the_next_is_not_unless_the_user_writes()
    {
        await using JudgedBusiness judged = await JudgedBusiness.StartAsync();
        (TestRelay relay, TestBusiness business) = (judged.Relay, judged.Business);
        await FillAsync(judged, 249);
        using TestDevice last = await relay.DeviceAsync();
        using TestDevice next = await relay.DeviceAsync();
        await business.SendTextAsync(next.Number, "accepted before anybody knew");
        await business.SendTextAsync(last.Number, "one");
        await relay.DrainAsync();
        Assert.Equal(250, await judged.UsedAsync());
        int taken = (await last.ReceiveAsync()).Count + (await next.ReceiveAsync()).Count;
        Assert.Equal(1, taken);
        JsonElement failed = Assert.Single(judged.Failed);
        Assert.Equal(131048, failed.GetProperty("errors")[0].GetProperty("code").GetInt32());

        (TestDevice inside, TestDevice outside) = failed.GetProperty("recipient_id").GetString() == next.Digits ? (last, next) : (next, last);
        Assert.Equal((HttpStatusCode.BadRequest, 131048), await RefusedAsync(business, outside.Number));
        await business.SendTextAsync(inside.Number, "counted already");
        await outside.SendAsync(business.Number, "I write first");
        await relay.DrainAsync();
        await business.SendTextAsync(outside.Number, "an answer");
        await relay.DrainAsync();
        Assert.Equal("an answer", Assert.Single(await outside.ReceiveAsync()).Text);
        Assert.Single(await inside.ReceiveAsync());
        Assert.Equal(250, await judged.UsedAsync());
    }

    [Fact]
    public async Task Answers_in_the_service_window_are_not_counted()
    {
        await using JudgedBusiness judged = await JudgedBusiness.StartAsync();
        (TestRelay relay, TestBusiness business) = (judged.Relay, judged.Business);
        using TestDevice user = await relay.DeviceAsync();
        await user.SendAsync(business.Number, "hello");
        await relay.DrainAsync();
        await business.SendTextAsync(user.Number, "hello yourself");
        await relay.DrainAsync();
        await user.ReceiveAsync();
        await relay.DrainAsync();
        Assert.Equal(0, await judged.UsedAsync());

        using TestDevice other = await relay.DeviceAsync();
        await business.SendTextAsync(other.Number, "an approach");
        await business.SendTextAsync(other.Number, "and another");
        await relay.DrainAsync();
        Assert.Equal(1, await judged.UsedAsync());
    }

    [Fact]
    public async Task A_restricted_business_can_only_answer()
    {
        await using JudgedBusiness judged = await JudgedBusiness.StartAsync();
        (TestRelay relay, TestBusiness business) = (judged.Relay, judged.Business);
        using TestDevice user = await relay.DeviceAsync();
        using TestDevice stranger = await relay.DeviceAsync();
        await judged.Services.GetRequiredService<StandingStore>().ChangeAsync(business.Id, standing => standing with { IsRestricted = true }, CancellationToken.None);
        await user.SendAsync(business.Number, "hello");
        await relay.DrainAsync();
        await business.SendTextAsync(stranger.Number, "an approach");
        await relay.DrainAsync();
        Assert.Equal(368, Assert.Single(judged.Failed).GetProperty("errors")[0].GetProperty("code").GetInt32());
        Assert.Equal((HttpStatusCode.Forbidden, 368), await RefusedAsync(business, stranger.Number));
        await business.SendTextAsync(user.Number, "an answer");
        await relay.DrainAsync();
        Assert.Single(await user.ReceiveAsync());
    }

    [Fact]
    public async Task The_numbers_node_says_tier_and_quality()
    {
        await using JudgedBusiness judged = await JudgedBusiness.StartAsync();
        (_, JsonElement node) = await judged.Business.GetAsync($"v25.0/{judged.Business.PhoneNumberId}?fields=quality_rating,whatsapp_business_manager_messaging_limit");
        Assert.Equal(("UNKNOWN", "TIER_250"), (TestRelay.Text(node, "quality_rating"), TestRelay.Text(node, "whatsapp_business_manager_messaging_limit")));
    }

    private static async Task FillAsync(JudgedBusiness judged, int users)
    {
        for (int user = 0; user < users; user++)
        {
            NumberHash hash = NumberHash.FromBytes([.. new byte[28], .. BitConverter.GetBytes(user)]);
            Assert.True(await judged.Services.GetRequiredService<RecipientWindows>().TryAddAsync(judged.Business.Id, hash, MessagingTier.Tier250, CancellationToken.None));
        }
    }

    private static async Task<(HttpStatusCode Status, int Code)> RefusedAsync(TestBusiness business, string to)
    {
        (HttpStatusCode status, JsonElement answer) = await business.PostAsync(TestBusiness.Text(to, "refused"));
        return (status, answer.GetProperty("error").GetProperty("code").GetInt32());
    }
}

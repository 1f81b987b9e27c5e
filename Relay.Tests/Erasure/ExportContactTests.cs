using System.Net;
using System.Text.Json;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Erasure;

/// <summary>A user gets what is still stored about them, and nobody else's.</summary>
public sealed class ExportContactTests
{
    [Fact]
    public async Task What_is_still_there_comes_with_its_content_and_what_was_delivered_without()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        string delivered = (await world.SendAsync("Was delivered"))!;
        await world.DrainAsync();
        await world.ReceiveAsync();
        await world.UserSendsAsync("An answer");
        await world.DrainAsync();
        string waiting = (await world.SendAsync("Still waits"))!;
        await world.DrainAsync();

        (HttpStatusCode status, JsonElement export) = await world.Business.GetAsync(Path(world));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(world.Device.Number.TrimStart('+'), TestRelay.Text(export.GetProperty("contact"), "wa_id"));
        JsonElement conversation = Assert.Single(export.GetProperty("conversations").EnumerateArray());
        Assert.Equal(world.Business.PhoneNumberId, TestRelay.Text(conversation, "phone_number_id"));
        JsonElement[] messages = [.. conversation.GetProperty("records").EnumerateArray().Where(record => TestRelay.Text(record, "type") == "message")];
        Assert.Equal(3, messages.Length);
        JsonElement first = messages.Single(record => TestRelay.Text(record, "id") == delivered);
        Assert.Equal("delivered", TestRelay.Text(first, "status"));
        Assert.False(first.TryGetProperty("content", out _));
        JsonElement last = messages.Single(record => TestRelay.Text(record, "id") == waiting);
        Assert.Equal("sent", TestRelay.Text(last, "status"));
        Assert.Equal("Still waits", TestRelay.Text(last.GetProperty("content").GetProperty("message").GetProperty("text"), "body"));
        Assert.Single(messages, record => TestRelay.Text(record, "direction") == "from_user");
        Assert.Contains(conversation.GetProperty("records").EnumerateArray(), record => TestRelay.Text(record, "type") == "status");
    }

    [Fact]
    public async Task Of_somebody_unknown_there_is_nothing()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        (HttpStatusCode status, JsonElement export) = await world.Business.GetAsync("relay/v1/contacts/4915700000001/export");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Empty(export.GetProperty("conversations").EnumerateArray());
    }

    [Fact]
    public async Task Nobody_gets_it_without_a_token_and_another_business_gets_nothing()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        await world.SendAsync("Hello");
        await world.DrainAsync();
        TestBusiness other = await world.Running.BusinessAsync(null);
        (_, JsonElement export) = await other.GetAsync(Path(world));
        Assert.Empty(export.GetProperty("conversations").EnumerateArray());
        HttpResponseMessage refused = await world.Running.Http.GetAsync(new Uri(world.Running.Local.BaseAddress, Path(world)));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Storage_that_is_away_is_503_and_not_half_an_export()
    {
        bool isAway = false;
        FaultPlan plan = new(call => isAway && call is { Process: "relay", Target: "lookup" } ? Fault.RequestLost : null);
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan);
        isAway = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await world.Business.GetAsync(Path(world))).Status);
    }

    private static string Path(PairWorld world) => $"relay/v1/contacts/{world.Device.Number.TrimStart('+')}/export";
}

using System.Net;
using System.Text.Json;
using Relay.LocalHost;
using Relay.Shared.Hosting;
using Relay.Tests.Administration;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>Where the service window is enforced, a user who did not write within 24 hours gets templates alone.</summary>
public sealed class ServiceWindowTests
{
    [Fact]
    public async Task Outside_of_the_service_window_only_a_template_leaves()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using AdminWorld world = await AdminWorld.StartAsync(new LocalRelayOptions { EnforcesServiceWindow = true });
        TestBusiness business = await world.Running.BusinessAsync(receiver);
        using TestDevice user = await world.Running.DeviceAsync();
        (HttpStatusCode created, JsonElement template) = await business.PostAsync(
            """{"name":"hello","language":"en_US","category":"UTILITY","components":[{"type":"BODY","text":"Your order is here"}]}""", path: $"v25.0/{business.WabaId}/message_templates");
        Assert.True(created == HttpStatusCode.OK, template.ToString());

        await business.SendTextAsync(user.Number, "free text");
        await world.Running.DrainAsync();
        Assert.Empty(await user.ReceiveAsync());
        JsonElement failed = Assert.Single(receiver.Deliveries).StatusUpdate;
        Assert.Equal(("failed", 131047), (TestRelay.Text(failed, "status"), failed.GetProperty("errors")[0].GetProperty("code").GetInt32()));

        (HttpStatusCode sent, JsonElement answer) = await business.PostAsync(JsonSerializer.Serialize(
            new { messaging_product = "whatsapp", to = user.Number, type = "template", template = new { name = "hello", language = new { code = "en_US" } } }));
        Assert.True(sent == HttpStatusCode.OK, answer.ToString());
        await world.Running.DrainAsync();
        Assert.Single(await user.ReceiveAsync());

        await user.SendAsync(business.Number, "thank you");
        await world.Running.DrainAsync();
        await business.SendTextAsync(user.Number, "an answer");
        await world.Running.DrainAsync();
        Assert.Equal("an answer", Assert.Single(await user.ReceiveAsync()).Text);

        world.Time.Advance(TimeSpan.FromHours(24));
        await business.SendTextAsync(user.Number, "too late");
        await world.Running.DrainAsync();
        Assert.Empty(await user.ReceiveAsync());
        Assert.Empty(world.Running.Faults);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("enforce", true)]
    [InlineData("off", false)]
    public void It_is_enforced_unless_it_is_switched_off(string? setting, bool isEnforced) =>
        Assert.Equal(isEnforced, RelaySettings.ReadServiceWindow(name => name == RelaySettings.ServiceWindow ? setting : null, otherwise: true));

    [Fact]
    public void Anything_else_stops_the_start() =>
        Assert.Throws<InvalidOperationException>(() => RelaySettings.ReadServiceWindow(_ => "Off", otherwise: true));
}

using System.Net;
using System.Text.Json;
using Relay.Shared.Signal;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>With which Signal protocols a business's sessions open is its own to say.</summary>
public sealed class SignalPolicyTests
{
    [Theory]
    [InlineData(true, null, SessionProtocols.PqxdhSpqr)]
    [InlineData(false, null, SessionProtocols.X3dh)]
    [InlineData(true, "pqxdh", SessionProtocols.Pqxdh)]
    [InlineData(true, "x3dh", SessionProtocols.X3dh)]
    [InlineData(true, "pqxdh_spqr", SessionProtocols.PqxdhSpqr)]
    public async Task The_strongest_that_both_allow_is_used(bool deviceHasKyber, string? allowed, SessionProtocols expected)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        using RawDevice device = await relay.RawDeviceAsync(withKyber: deviceHasKyber);
        if (allowed is not null)
        {
            await AllowAsync(relay, business, allowed);
        }

        await business.SendTextAsync(device.Number.E164, "Hello");
        await relay.DrainAsync();
        Assert.NotNull(device.Read(Assert.Single(await device.FetchAsync())));
        Assert.Equal(expected, device.Session!.Protocol);
    }

    [Fact]
    public async Task A_device_that_the_policy_excludes_gets_nothing_and_can_open_nothing()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        using RawDevice device = await relay.RawDeviceAsync(withKyber: false);
        await device.OpenAsync(business.Number, new SignalPolicy(SessionProtocols.X3dh));
        await AllowAsync(relay, business, "pqxdh_spqr");

        string id = await business.SendTextAsync(device.Number.E164, "Hello");
        await device.SendTextAsync(business.Number, "Old protocol");
        await relay.DrainAsync();

        Assert.Equal([$"failed:{id}"], receiver.Told());
        Assert.Equal(131026, receiver.Deliveries.Single().StatusUpdate.GetProperty("errors")[0].GetProperty("code").GetInt32());
        Assert.DoesNotContain(await device.FetchAsync(), envelope => envelope.Type == Envelope.Message);
    }

    [Theory]
    [InlineData("""{"protocols":[]}""")]
    [InlineData("""{"protocols":["x3dh","v9"]}""")]
    [InlineData("""{"protocols":[null]}""")]
    [InlineData("""{}""")]
    public async Task A_policy_without_a_protocol_is_refused(string body)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        (HttpStatusCode status, JsonElement answer) = await relay.TryAdminAsync(
            HttpMethod.Put, $"businesses/{business.Id}/signal_policy", JsonDocument.Parse(body).RootElement);
        Assert.Equal((HttpStatusCode.BadRequest, 131009), (status, answer.GetProperty("error").GetProperty("code").GetInt32()));
    }

    private static Task<JsonElement> AllowAsync(TestRelay relay, TestBusiness business, params string[] protocols) =>
        relay.AdminAsync(HttpMethod.Put, $"businesses/{business.Id}/signal_policy", new { protocols });
}

using System.Net;
using Relay.Shared.Hosting;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Processes;

/// <summary>The same, and what only three processes can show: each answers for its role alone, and each can be away for a while.</summary>
[Collection(ProcessDefinition.Name)]
public sealed class ThreeProcessesTests(ThreeProcesses processes) : SameInProcesses, IClassFixture<ThreeProcesses>
{
    private protected override ProcessRelay Relay => processes.Relay;

    [Theory]
    [InlineData(RelayRole.Relay, "GET", "v25.0/1", 401)]
    [InlineData(RelayRole.Transport, "GET", "transport/v1/keys", 401)]
    [InlineData(RelayRole.Manager, "POST", "relay/v1/admin/businesses", 401)]
    public async Task Each_answers_for_its_role_alone(RelayRole role, string method, string path, int own)
    {
        foreach (RelayRole other in new[] { RelayRole.Relay, RelayRole.Transport, RelayRole.Manager })
        {
            using HttpRequestMessage request = new(new HttpMethod(method), new Uri(Relay.At(other), path));
            using HttpResponseMessage response = await Relay.Http.SendAsync(request);
            Assert.Equal(other == role ? own : 400, (int)response.StatusCode);
        }
    }

    /// <summary>So the list is complete: anything else of the relay's account the manager's storage refuses, as its identity would in Azure.</summary>
    [Fact]
    public async Task The_manager_needs_no_more_of_the_relays_account_than_its_part()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        IReadOnlyList<string> done = await new AdminOfThreeProcesses(Relay, receiver).RunAsync();
        Assert.Equal(AdminOfThreeProcesses.Expected().Order(StringComparer.Ordinal), done.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Without_the_transport_messages_are_accepted_and_go_out_when_it_is_back()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await TestBusiness.CreateAsync(Relay, receiver);
        using TestDevice device = await Relay.DeviceAsync();
        await business.SendTextAsync(device.Number, "Before");
        Assert.Equal("Before", (await device.NextAsync()).Text);

        await Relay.Split[RelayRole.Transport].KillAsync();
        string wamid = await business.SendTextAsync(device.Number, "Meanwhile");
        await Relay.Split.StartAsync(RelayRole.Transport, CancellationToken.None);

        Assert.Equal("Meanwhile", (await device.NextAsync()).Text);
        await receiver.WaitForAsync("delivered:" + wamid);
    }

    [Fact]
    public async Task Without_the_relay_users_messages_wait_and_are_told_when_it_is_back()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await TestBusiness.CreateAsync(Relay, receiver);
        using TestDevice device = await Relay.DeviceAsync();
        await device.SendAsync(business.Number, "Before");
        await receiver.WaitForAsync(delivery => delivery.IsMessage);

        await Relay.Split[RelayRole.Relay].KillAsync();
        await device.SendAsync(business.Number, "Meanwhile");
        await Relay.Split.StartAsync(RelayRole.Relay, CancellationToken.None);

        await receiver.WaitForAsync(delivery => IsText(delivery, "Meanwhile"));
        await business.SendTextAsync(device.Number, "Back again");
        Assert.Equal("Back again", (await device.NextAsync()).Text);
    }

    [Fact]
    public async Task Without_the_manager_messages_go_on_both_ways()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await TestBusiness.CreateAsync(Relay, receiver);
        await Relay.Split[RelayRole.Manager].KillAsync();

        using TestDevice device = await Relay.DeviceAsync();
        await business.SendTextAsync(device.Number, "Hello");
        Assert.Equal("Hello", (await device.NextAsync()).Text);
        await device.SendAsync(business.Number, "Hi");
        await receiver.WaitForAsync(delivery => delivery.IsMessage);
        await Assert.ThrowsAsync<HttpRequestException>(() => Relay.TryAdminAsync(HttpMethod.Post, "businesses", new { name = "Later" }));

        await Relay.Split.StartAsync(RelayRole.Manager, CancellationToken.None);
        Assert.Equal(HttpStatusCode.OK, (await Relay.TryAdminAsync(HttpMethod.Post, "businesses", new { name = "Later" })).Status);
    }
}

/// <summary>The processes that all tests of the class share.</summary>
public sealed class ThreeProcesses(ProcessGround ground) : IAsyncLifetime
{
    internal ProcessRelay Relay { get; private set; } = null!;

    public async Task InitializeAsync() => Relay = await ProcessRelay.StartSplitAsync(ground);

    public async Task DisposeAsync() => await Relay.DisposeAsync();
}

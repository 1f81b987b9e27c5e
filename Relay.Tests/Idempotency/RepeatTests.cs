using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.LocalHost;
using Relay.Shared.Storage;
using Relay.Tests.EndToEnd;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Idempotency;

public sealed class RepeatInMemoryTests : RepeatTests
{
    private protected override async Task<(TestRelay, TestRelay)> StartAsync()
    {
        MemoryAccount relay = new(TimeProvider.System);
        MemoryAccount transport = new(TimeProvider.System);
        LocalRelayOptions shared = new()
        {
            RelayStorage = new(relay.Tables, relay.Queues, relay.Blobs),
            TransportStorage = new(transport.Tables, transport.Queues, transport.Blobs),
        };
        return (await TestRelay.StartAsync(shared), await TestRelay.StartAsync(shared));
    }
}

[Collection(nameof(AzuriteCollection))]
public sealed class RepeatOnAzuriteTests : RepeatTests
{
    private protected override async Task<(TestRelay, TestRelay)> StartAsync()
    {
        LocalRelayOptions shared = new();
        return (await TestRelay.OnAzuriteAsync(shared), await TestRelay.OnAzuriteAsync(shared));
    }
}

/// <summary>Two instances of one Relay, called again and again with the same Idempotency-Key.</summary>
public abstract class RepeatTests : IAsyncLifetime
{
    private TestRelay _first = null!;
    private TestRelay _second = null!;
    private WebhookReceiver _receiver = null!;
    private TestBusiness _business = null!;

    private protected abstract Task<(TestRelay First, TestRelay Second)> StartAsync();

    public async Task InitializeAsync()
    {
        (_first, _second) = await StartAsync();
        _receiver = await WebhookReceiver.StartAsync();
        _business = await _first.BusinessAsync(_receiver);
    }

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Twenty_callers_at_once_make_one_message()
    {
        using TestDevice device = await _first.DeviceAsync();
        TestBusiness[] doors = [_business, _business.At(_second)];
        string text = TestBusiness.Text(device.Number, "Only once");
        PostAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => doors[i % 2].PostKeyedAsync(text, "key-1")));
        string id = Assert.Single(answers.Select(answer => answer.Id).Distinct());

        await Task.WhenAll(_first.DrainAsync(), _second.DrainAsync());
        Assert.Equal(["Only once"], (await device.ReceiveAsync()).Select(message => message.Text));
        await Task.WhenAll(_first.DrainAsync(), _second.DrainAsync());
        Assert.Equal([$"delivered:{id}", $"sent:{id}"], _receiver.Told().Distinct().Order(StringComparer.Ordinal));
        Assert.Empty(_first.Faults.Concat(_second.Faults));

        // Long done: repeats at either door answer the same and put nothing.
        foreach (TestBusiness door in doors)
        {
            Assert.Equal(id, (await door.PostKeyedAsync(text, "key-1")).Id);
        }

        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_repeat_elsewhere_makes_sure_once_that_the_message_is_queued()
    {
        string text = TestBusiness.Text(TestRelay.RandomNumber(), "Hello");
        string id = (await _business.PostKeyedAsync(text, "key-1")).Id;
        Assert.Equal(id, (await _business.PostKeyedAsync(text, "key-1")).Id);
        Assert.Equal(1, await CountAsync());
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(id, (await _business.At(_second).PostKeyedAsync(text, "key-1")).Id);
        }

        Assert.Equal(2, await CountAsync());
        await _first.DrainAsync();
        await _second.DrainAsync();
        Assert.Equal([$"failed:{id}"], _receiver.Told());
    }

    /// <summary>Who never got the answer must not be told that a message was refused that its user has.</summary>
    [Fact]
    public async Task A_repeat_is_answered_as_before_when_its_template_is_gone()
    {
        using TestDevice device = await _first.DeviceAsync();
        string templates = $"v25.0/{_business.WabaId}/message_templates";
        (HttpStatusCode status, JsonElement made) = await _business.PostAsync(
            """{"name":"hello","language":"en","category":"UTILITY","components":[{"type":"BODY","text":"Hello"}]}""", path: templates);
        Assert.True(status == HttpStatusCode.OK, made.ToString());
        string message = JsonSerializer.Serialize(
            new { messaging_product = "whatsapp", to = device.Number, type = "template", template = new { name = "hello", language = new { code = "en" } } });
        string id = (await _business.PostKeyedAsync(message, "key-1")).Id;
        await _first.DrainAsync();
        Assert.Equal(HttpStatusCode.OK, (await _business.DeleteAsync($"{templates}?name=hello")).Status);
        foreach (TestBusiness door in (TestBusiness[])[_business, _business.At(_second)])
        {
            Assert.Equal(id, (await door.PostKeyedAsync(message, "key-1")).Id);
            Assert.Equal(132001, (await door.PostKeyedAsync(message, "key-2")).Code);
        }

        Assert.Single(await device.ReceiveAsync());
    }

    [Fact]
    public async Task Another_request_under_the_same_key_is_refused_at_every_door()
    {
        string number = TestRelay.RandomNumber();
        string id = (await _business.PostKeyedAsync(TestBusiness.Text(number, "One"), "key-1")).Id;
        foreach (TestBusiness door in (TestBusiness[])[_business, _business.At(_second)])
        {
            PostAnswer refused = await door.PostKeyedAsync(TestBusiness.Text(number, "Another"), "key-1");
            Assert.Equal((HttpStatusCode.BadRequest, 100), (refused.Status, refused.Code));
            Assert.Contains("used for another request", refused.Details, StringComparison.Ordinal);
        }

        Assert.Equal(1, await CountAsync());
        Assert.NotEqual(id, (await _business.PostKeyedAsync(TestBusiness.Text(number, "Another"), "key-2")).Id);
        Assert.NotEqual(id, (await _business.PostKeyedAsync(TestBusiness.Text(number, "One"))).Id);
        await _first.DrainAsync();
        Assert.Equal(3, _receiver.Told().Count);
    }

    [Fact]
    public async Task A_key_of_another_business_or_number_is_another_key()
    {
        TestBusiness other = await _first.BusinessAsync(null);
        JsonElement phone = await _first.AdminAsync(
            HttpMethod.Post, $"businesses/{_business.Id}/phone_numbers", new { phone_number = TestRelay.RandomNumber(), verified_name = "Second" });
        TestBusiness second = new(_first)
        {
            Id = _business.Id,
            WabaId = _business.WabaId,
            AppSecret = _business.AppSecret,
            PhoneNumberId = TestRelay.Text(phone, "id"),
            Number = TestRelay.Text(phone, "display_phone_number"),
            AccessToken = _business.AccessToken,
            TokenId = _business.TokenId,
        };
        string number = TestRelay.RandomNumber();
        string[] ids =
        [
            (await _business.PostKeyedAsync(TestBusiness.Text(number, "Hello"), "key-1")).Id,
            (await other.PostKeyedAsync(TestBusiness.Text(number, "Another text"), "key-1")).Id,
            (await second.PostKeyedAsync(TestBusiness.Text(number, "And another"), "key-1")).Id,
        ];
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(3, await CountAsync());
        await _first.DrainAsync();
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("")]
    [InlineData("one", "two")]
    public async Task What_is_no_key_is_refused(params string[] keys)
    {
        PostAnswer refused = await _business.PostKeyedAsync(TestBusiness.Text(TestRelay.RandomNumber(), "Hello"), keys);
        Assert.Equal((HttpStatusCode.BadRequest, 100), (refused.Status, refused.Code));
        Assert.StartsWith("Idempotency-Key must be one header of 1 to 255 visible ASCII characters", refused.Details, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_refused_request_does_not_use_up_its_key()
    {
        string number = TestRelay.RandomNumber();
        Assert.Equal(131009, (await _business.PostKeyedAsync(TestBusiness.Text(number, new string('x', 5_000)), "key-1")).Code);
        Assert.Equal(0, (await _business.PostKeyedAsync(TestBusiness.Text(number, "Shorter"), "key-1")).Code);
        await _first.DrainAsync();
    }

    /// <summary>What lies in queue outbound, taken by nobody yet.</summary>
    private Task<int> CountAsync() =>
        _first.Local.Services.GetRequiredService<RelayStorage>().Queues.CountAsync(QueueNames.Outbound, CancellationToken.None);
}

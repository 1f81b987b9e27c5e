using System.Net;
using System.Text.Json;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>A business that asks for it learns which identity key a user has, and may send to that one only.</summary>
public sealed class IdentityCheckTests
{
    [Fact]
    public async Task The_hash_is_told_once_the_check_is_on_and_a_message_to_it_arrives()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        using TestDevice device = await relay.DeviceAsync();

        await device.SendAsync(business.Number, "Before");
        await relay.DrainAsync();
        Assert.False(Contact(receiver.Deliveries.Last()).TryGetProperty("identity_key_hash", out _));

        Assert.False(await IsOnAsync(business));
        await SetAsync(business, true);
        Assert.True(await IsOnAsync(business));
        await device.SendAsync(business.Number, "After");
        await relay.DrainAsync();
        string hash = TestRelay.Text(Contact(receiver.Deliveries.Last()), "identity_key_hash");
        Assert.True(IdentityKeyHash.TryParse(hash, out _));

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(business, device, hash)).Status);
        await relay.DrainAsync();
        Assert.Equal("Hi", Assert.Single(await device.ReceiveAsync()).Text);
    }

    [Fact]
    public async Task A_message_to_another_identity_fails_and_never_leaves()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        using TestDevice first = await relay.DeviceAsync();
        await SetAsync(business, true);
        await first.SendAsync(business.Number, "Hello");
        await relay.DrainAsync();
        string hash = TestRelay.Text(Contact(receiver.Deliveries.Last()), "identity_key_hash");

        // The user's new device writes: the session is with another identity from then on.
        using TestDevice second = await relay.DeviceAsync(first.Number, new MemoryPhoneState());
        await second.SendAsync(business.Number, "New phone");
        await relay.DrainAsync();
        string newHash = TestRelay.Text(Contact(receiver.Deliveries.Last()), "identity_key_hash");
        Assert.NotEqual(hash, newHash);

        string id = TestRelay.Text((await SendAsync(business, second, hash)).Answer.GetProperty("messages")[0], "id");
        await relay.DrainAsync();
        Assert.Equal([$"failed:{id}"], receiver.Told().Where(told => !told.StartsWith("message", StringComparison.Ordinal)).TakeLast(1));
        Assert.Equal(137000, receiver.Deliveries.Last().StatusUpdate.GetProperty("errors")[0].GetProperty("code").GetInt32());
        Assert.Empty(await second.ReceiveAsync());

        await SendAsync(business, second, newHash);
        await relay.DrainAsync();
        Assert.Equal("Hi", Assert.Single(await second.ReceiveAsync()).Text);
    }

    [Theory]
    [InlineData("""{"storage_configuration":{"status":"NO_STORAGE_ENABLED"}}""", "storage_configuration")]
    [InlineData("""{"calling":{}}""", "calling")]
    [InlineData("""{"user_identity_change":{}}""", "enable_identity_key_check")]
    [InlineData("""{}""", "enable_identity_key_check")]
    public async Task A_setting_that_is_not_there_is_refused_by_name(string body, string name)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        (HttpStatusCode status, JsonElement answer) = await business.PostAsync(body, path: $"v25.0/{business.PhoneNumberId}/settings");

        Assert.Equal((HttpStatusCode.BadRequest, 100), (status, answer.GetProperty("error").GetProperty("code").GetInt32()));
        Assert.Contains(name, answer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_are_their_owners()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        TestBusiness other = await relay.BusinessAsync(null);
        const string on = """{"user_identity_change":{"enable_identity_key_check":true}}""";

        (_, JsonElement foreign) = await business.PostAsync(on, path: $"v25.0/{other.PhoneNumberId}/settings");
        Assert.Equal((100, 33), (foreign.GetProperty("error").GetProperty("code").GetInt32(), foreign.GetProperty("error").GetProperty("error_subcode").GetInt32()));
        Assert.Equal(190, (await business.PostAsync(on, token: "x", path: $"{business.PhoneNumberId}/settings")).Answer.GetProperty("error").GetProperty("code").GetInt32());
        Assert.False(await IsOnAsync(other));
    }

    private static JsonElement Contact(Delivery delivery) => delivery.Value.GetProperty("contacts")[0];

    private static async Task SetAsync(TestBusiness business, bool on)
    {
        (HttpStatusCode status, JsonElement answer) = await business.PostAsync(
            JsonSerializer.Serialize(new { user_identity_change = new { enable_identity_key_check = on } }), path: $"v25.0/{business.PhoneNumberId}/settings");
        Assert.Equal((HttpStatusCode.OK, true), (status, answer.GetProperty("success").GetBoolean()));
    }

    private static async Task<bool> IsOnAsync(TestBusiness business) =>
        (await business.GetAsync($"v25.0/{business.PhoneNumberId}/settings")).Answer
        .GetProperty("user_identity_change").GetProperty("enable_identity_key_check").GetBoolean();

    private static Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(TestBusiness business, TestDevice to, string hash) => business.PostAsync(
        JsonSerializer.Serialize(new { messaging_product = "whatsapp", to = to.Number, text = new { body = "Hi" }, recipient_identity_key_hash = hash }));
}

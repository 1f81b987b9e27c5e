using System.Net;
using System.Text.Json;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>Both sides of a conversation show the same digits; another conversation, and another device, shows others.</summary>
public sealed class SafetyNumberTests
{
    [Fact]
    public async Task Business_and_device_show_the_same_digits_until_the_device_changes()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        using RawDevice device = await relay.RawDeviceAsync();
        Assert.Equal((HttpStatusCode.BadRequest, 33), await ErrorAsync(business, device.Number.E164));

        await business.SendTextAsync(device.Number.E164, "Hello");
        await relay.DrainAsync();
        device.Read(Assert.Single(await device.FetchAsync()));
        string digits = await DigitsAsync(business, device);
        Assert.Matches("^([0-9]{5} ){11}[0-9]{5}$", digits);
        Assert.Equal(device.SafetyNumberWith(business.Number).Digits, digits.Replace(" ", "", StringComparison.Ordinal));

        using RawDevice next = await relay.RawDeviceAsync(device.Number.E164);
        await next.OpenAsync(business.Number);
        await next.SendTextAsync(business.Number, "New phone");
        await relay.DrainAsync();
        Assert.NotEqual(digits, await DigitsAsync(business, next));
    }

    [Fact]
    public async Task A_foreign_number_and_a_bad_request_tell_nothing()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        TestBusiness other = await relay.BusinessAsync(null);
        string path = $"relay/v1/phone_numbers/{other.PhoneNumberId}/safety_number";
        Assert.Equal(33, (await business.PostAsync("""{"user":"+4915112345678"}""", path: path)).Answer.GetProperty("error").GetProperty("error_subcode").GetInt32());
        Assert.Equal(131009, (await other.PostAsync("""{"user":"x"}""", path: path)).Answer.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(190, (await other.PostAsync("{}", token: "x", path: path)).Answer.GetProperty("error").GetProperty("code").GetInt32());
    }

    private static async Task<string> DigitsAsync(TestBusiness business, RawDevice device)
    {
        (HttpStatusCode status, JsonElement answer) = await AskAsync(business, device.Number.E164);
        Assert.Equal(HttpStatusCode.OK, status);
        return TestRelay.Text(answer, "safety_number");
    }

    private static async Task<(HttpStatusCode Status, int Subcode)> ErrorAsync(TestBusiness business, string user)
    {
        (HttpStatusCode status, JsonElement answer) = await AskAsync(business, user);
        return (status, answer.GetProperty("error").GetProperty("error_subcode").GetInt32());
    }

    private static Task<(HttpStatusCode Status, JsonElement Answer)> AskAsync(TestBusiness business, string user) =>
        business.PostAsync(JsonSerializer.Serialize(new { user }), path: $"relay/v1/phone_numbers/{business.PhoneNumberId}/safety_number");
}

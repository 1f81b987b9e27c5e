using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Relay.LocalHost.Split;
using Relay.Phone.Messages;
using Relay.Phone.Sending;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Processes;

/// <summary>
/// What a business, its users and an operator do with Relay, on real processes and the emulator. The same tests for one process and for three: whoever
/// calls sees no difference but the addresses.
/// </summary>
public abstract class SameInProcesses
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly byte[] Png = [.. Convert.FromHexString("89504E470D0A1A0A0000000D49484452"), .. RandomNumberGenerator.GetBytes(70_000)];

    private protected abstract ProcessRelay Relay { get; }

    [Fact]
    public async Task Two_parties_talk_and_the_business_is_told_what_became_of_its_message()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await TestBusiness.CreateAsync(Relay, receiver);
        using TestDevice device = await Relay.DeviceAsync();

        string wamid = await business.SendTextAsync(device.Number, "Hello");
        Assert.Equal("Hello", (await device.NextAsync()).Text);
        await receiver.WaitForAsync("sent:" + wamid);
        await receiver.WaitForAsync("delivered:" + wamid);
        await device.Phone.MarkReadAsync(null, CancellationToken.None);
        Assert.True((await receiver.WaitForAsync("read:" + wamid)).IsSignedBy(business.AppSecret));

        await device.SendAsync(business.Number, "Hi");
        Delivery told = await receiver.WaitForAsync(delivery => delivery.IsMessage);
        Assert.True(told.IsSignedBy(business.AppSecret));
        Assert.Equal("Hi", TestRelay.Text(told.Message.GetProperty("text"), "body"));
        await business.SendTextAsync(device.Number, "How are you?", context: TestRelay.Text(told.Message, "id"));
        Assert.Equal("How are you?", (await device.NextAsync()).Text);
    }

    [Fact]
    public async Task Files_pass_both_ways()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await TestBusiness.CreateAsync(Relay, receiver);
        using TestDevice device = await Relay.DeviceAsync();

        string id = await UploadAsync(business);
        await business.PostAsync($$$"""{"messaging_product":"whatsapp","to":"{{{device.Number}}}","type":"image","image":{"id":"{{{id}}}","caption":"look"}}""").OkAsync();
        using MemoryStream got = new();
        await device.Phone.FetchFileAsync((await device.NextAsync()).Message, got, CancellationToken.None);
        Assert.Equal(Png, got.ToArray());

        using MemoryStream sent = new(Png);
        await device.Phone.SendFileAsync(TestDevice.Of(business.Number), sent, new FileToSend("image", "image/png"), new SendOptions(), CancellationToken.None);
        JsonElement image = (await receiver.WaitForAsync(delivery => delivery.IsMessage)).Message.GetProperty("image");
        JsonElement node = await business.GetAsync($"v25.0/{TestRelay.Text(image, "id")}").OkAsync();
        Assert.Equal(Png, await Relay.Http.GetByteArrayAsync(new Uri(TestRelay.Text(node, "url"))));
    }

    [Fact]
    public async Task A_template_arrives_filled_in()
    {
        TestBusiness business = await TestBusiness.CreateAsync(Relay, null);
        using TestDevice device = await Relay.DeviceAsync();
        await business.PostAsync(
            """{"name":"hello","language":"en","category":"UTILITY","components":[{"type":"BODY","text":"Hello {{1}}, welcome","example":{"body_text":[["Ada"]]}}]}""",
            path: $"v25.0/{business.WabaId}/message_templates").OkAsync();

        await business.PostAsync($$$"""
            {"messaging_product":"whatsapp","to":"{{{device.Number}}}","type":"template",
             "template":{"name":"hello","language":{"code":"en"},"components":[{"type":"body","parameters":[{"type":"text","text":"Grace"}]}]}}
            """).OkAsync();

        Assert.Contains("Hello Grace, welcome", (await device.NextAsync()).Message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blocked_user_is_not_heard_until_unblocked()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await TestBusiness.CreateAsync(Relay, receiver);
        using TestDevice device = await Relay.DeviceAsync();
        string path = $"v25.0/{business.PhoneNumberId}/block_users";
        string user = $$"""{"messaging_product":"whatsapp","block_users":[{"user":"{{device.Digits}}"}]}""";
        await device.SendAsync(business.Number, "Hello");
        await receiver.WaitForAsync(delivery => delivery.IsMessage);

        await business.PostAsync(user, path: path).OkAsync();
        await business.PostAsync(TestBusiness.Text(device.Number, "No")).FailsAsync(130403);
        await device.SendAsync(business.Number, "Do you hear me?");

        // A second user's message tells that the relay has looked at what came before it.
        using TestDevice other = await Relay.DeviceAsync();
        await other.SendAsync(business.Number, "Good day");
        await receiver.WaitForAsync(delivery => IsText(delivery, "Good day"));
        Assert.DoesNotContain(receiver.Deliveries, delivery => IsText(delivery, "Do you hear me?"));
        await business.DeleteAsync(path, user).OkAsync();
        await device.SendAsync(business.Number, "Now?");
        await receiver.WaitForAsync(delivery => IsText(delivery, "Now?"));
    }

    [Fact]
    public async Task A_webhook_that_fails_is_told_again()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await TestBusiness.CreateAsync(Relay, receiver);
        using TestDevice device = await Relay.DeviceAsync();
        receiver.Status = 500;
        await device.SendAsync(business.Number, "Hello?");
        Delivery failed = await receiver.WaitForAsync(delivery => delivery.IsMessage);

        receiver.Status = 200;
        Delivery told = await receiver.WaitForAsync(failed.Summary);
        Assert.Equal((failed.Id, Convert.ToBase64String(failed.Body)), (told.Id, Convert.ToBase64String(told.Body)));
    }

    [Fact]
    public async Task A_contact_is_erased_and_both_may_write_again()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await TestBusiness.CreateAsync(Relay, receiver);
        using TestDevice device = await Relay.DeviceAsync();
        string wamid = await business.SendTextAsync(device.Number, "Hello");
        await device.NextAsync();
        await receiver.WaitForAsync("delivered:" + wamid);

        JsonElement erased = await business.DeleteAsync($"relay/v1/contacts/{device.Digits}").OkAsync();
        Assert.Equal(("completed", 1), (TestRelay.Text(erased, "status"), erased.GetProperty("conversations").GetInt32()));
        await business.SendTextAsync(device.Number, "Hello again");
        Assert.Equal("Hello again", (await device.NextAsync()).Text);
    }

    [Fact]
    public async Task What_an_operator_gives_and_takes_holds_at_once()
    {
        TestBusiness business = await TestBusiness.CreateAsync(Relay, null);
        JsonElement token = await Relay.AdminAsync(HttpMethod.Post, $"businesses/{business.Id}/access_tokens", new { });
        await Relay.AdminAsync(HttpMethod.Delete, $"businesses/{business.Id}/access_tokens/{TestRelay.Text(token, "id")}", new { });
        await business.PostAsync(TestBusiness.Text(TestRelay.RandomNumber(), "No"), token: TestRelay.Text(token, "access_token")).FailsAsync(190);
        JsonElement number = await business.GetAsync($"v25.0/{business.PhoneNumberId}").OkAsync();
        Assert.Equal("Test", TestRelay.Text(number, "verified_name"));
    }

    [Fact]
    public async Task A_closed_business_loses_its_tokens_at_once_and_its_keys_soon()
    {
        TestBusiness business = await TestBusiness.CreateAsync(Relay, null);
        string keys = Path.Combine(Relay.Options.Data, DataNames.RelayKeys);
        Assert.Contains($"\"{business.Id}-", await File.ReadAllTextAsync(keys), StringComparison.Ordinal);

        await Relay.AdminAsync(HttpMethod.Delete, $"businesses/{business.Id}", new { });
        (HttpStatusCode status, _) = await business.GetAsync($"v25.0/{business.PhoneNumberId}");
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        using CancellationTokenSource patience = new(Patience);
        while ((await File.ReadAllTextAsync(keys, patience.Token)).Contains($"\"{business.Id}-", StringComparison.Ordinal))
        {
            await Task.Delay(Pause, patience.Token);
        }
    }

    private protected static bool IsText(Delivery delivery, string text) => delivery.IsMessage && TestRelay.Text(delivery.Message.GetProperty("text"), "body") == text;

    private static async Task<string> UploadAsync(TestBusiness business)
    {
        using MultipartFormDataContent form = new();
        ByteArrayContent file = new(Png);
        file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        form.Add(file, "file", "a.png");
        form.Add(new StringContent("whatsapp"), "messaging_product");
        return TestRelay.Text(await business.PostAsync(form, path: $"v25.0/{business.PhoneNumberId}/media").OkAsync(), "id");
    }
}

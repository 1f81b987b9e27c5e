using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Shared.PhoneNumbers.Registration;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.PhoneNumbers;

/// <summary>A number's way into use and out of it, through the front door.</summary>
public sealed class RegistrationTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 2, 10, 0, 0, TimeSpan.Zero));
    private readonly NumberCodes _codes = new();

    [Fact]
    public async Task A_business_adds_a_number_proves_it_by_a_code_registers_it_and_sends_from_it()
    {
        await using TestRelay relay = await StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        string number = TestRelay.RandomNumber();
        string add = $$"""{"cc":"49","phone_number":"{{number[3..]}}","verified_name":"Second"}""";
        string id = TestRelay.Text(await business.PostAsync(add, path: $"v25.0/{business.WabaId}/phone_numbers").OkAsync(), "id");
        Assert.Equal(id, TestRelay.Text(await business.PostAsync(add, path: $"{business.WabaId}/phone_numbers").OkAsync(), "id"));
        await AssertStateAsync(business, id, "NOT_VERIFIED", "PENDING", isPinEnabled: false);
        await business.PostAsync(Register("123456"), path: $"v25.0/{id}/register").FailsAsync(133006);
        await business.PostAsync(TestBusiness.Text(TestRelay.RandomNumber(), "Too early"), path: $"v25.0/{id}/messages").FailsAsync(133010);
        await business.PostAsync("""{"code":"123456"}""", path: $"{id}/verify_code").FailsAsync(136025);

        await business.PostAsync("", path: $"v25.0/{id}/request_code?code_method=SMS&language=en_US").OkAsync();
        Assert.Equal((number, CodeMethod.Sms, "en_US"), (_codes.Sent.Last().Number, _codes.Sent.Last().Method, _codes.Sent.Last().Language));
        JsonElement verified = await business.PostAsync($"code={_codes.Last[..3]}-{_codes.Last[3..]}", "application/x-www-form-urlencoded", path: $"{id}/verify_code").OkAsync();
        Assert.Equal($$"""{"success":true,"id":"{{id}}"}""", verified.ToString());
        await AssertStateAsync(business, id, "VERIFIED", "PENDING", isPinEnabled: false);

        await business.PostAsync(Register("123456"), path: $"{id}/register").OkAsync();
        await AssertStateAsync(business, id, "VERIFIED", "CONNECTED", isPinEnabled: true);
        using TestDevice device = await relay.DeviceAsync();
        await business.PostAsync(TestBusiness.Text(device.Number, "Hello"), path: $"v25.0/{id}/messages").OkAsync();
        await relay.DrainAsync();
        Assert.Equal("Hello", Assert.Single(await device.ReceiveAsync()).Text);
        await business.PostAsync("""{"code_method":"SMS","language":"en_US"}""", path: $"{id}/request_code").FailsAsync(136024);
        Assert.Empty(relay.Faults);
    }

    [Fact]
    public async Task A_code_ends_after_ten_minutes_five_guesses_or_when_another_is_sent()
    {
        await using TestRelay relay = await StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        string id = await AddAsync(business);
        string request = """{"code_method":"VOICE","language":"de_DE"}""";

        await business.PostAsync(request, path: $"{id}/request_code").OkAsync();
        string first = _codes.Last;
        await business.PostAsync(request, path: $"{id}/request_code").OkAsync();
        await business.PostAsync(Code(first == _codes.Last ? Other(first) : first), path: $"{id}/verify_code").FailsAsync(136025);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Contains("ended", await business.PostAsync(Code(_codes.Last), path: $"{id}/verify_code").FailsAsync(136025), StringComparison.Ordinal);

        await business.PostAsync(request, path: $"{id}/request_code").OkAsync();
        string right = _codes.Last;
        await Task.WhenAll(Enumerable.Range(0, RegistrationState.MaxCodeGuesses).Select(_ => business.PostAsync(Code(Other(right)), path: $"{id}/verify_code").FailsAsync(136025)));
        Assert.Contains("guessed", await business.PostAsync(Code(right), path: $"{id}/verify_code").FailsAsync(136025), StringComparison.Ordinal);

        await business.PostAsync(request, path: $"{id}/request_code").OkAsync();
        await business.PostAsync(request, path: $"{id}/request_code").OkAsync();
        await business.PostAsync(request, path: $"{id}/request_code").FailsAsync(136024);
        Assert.Equal(RegistrationState.MaxCodesPerHour, _codes.Sent.Count);
        _time.Advance(TimeSpan.FromHours(1));
        await business.PostAsync(request, path: $"{id}/request_code").OkAsync();
        await business.PostAsync(Code(_codes.Last), path: $"{id}/verify_code").OkAsync();
    }

    [Fact]
    public async Task Deregistered_it_sends_nothing_and_what_users_send_waits_until_it_is_registered_again()
    {
        await using TestRelay relay = await StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        using TestDevice device = await relay.DeviceAsync();

        await business.PostAsync("", path: $"v25.0/{business.PhoneNumberId}/deregister").OkAsync();
        await AssertStateAsync(business, business.PhoneNumberId, "VERIFIED", "DISCONNECTED", isPinEnabled: false);
        await business.PostAsync(TestBusiness.Text(device.Number, "No")).FailsAsync(133010);
        await business.PostAsync("", path: $"{business.PhoneNumberId}/deregister").FailsAsync(133010);
        await device.SendAsync(business.Number, "Are you there?");
        await relay.DrainAsync();
        Assert.Empty(receiver.Deliveries);

        await business.PostAsync(Register("000000"), path: $"v25.0/{business.PhoneNumberId}/register").OkAsync();
        _time.Advance(TimeSpan.FromHours(1));
        await relay.DrainAsync();
        Assert.True(Assert.Single(receiver.Deliveries).IsMessage);
        await business.SendTextAsync(device.Number, "Yes");
        await relay.DrainAsync();
        Assert.Equal("Yes", Assert.Single(await device.ReceiveAsync()).Text);
    }

    [Fact]
    public async Task A_wrong_pin_is_refused_slower_each_time_and_locked_after_five()
    {
        await using TestRelay relay = await StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        string path = $"v25.0/{business.PhoneNumberId}/register";
        await business.PostAsync(Register("111111"), path: path).OkAsync();

        for (int wrong = 1; wrong <= RegistrationState.MaxWrongPins; wrong++)
        {
            await business.PostAsync(Register("222222"), path: path).FailsAsync(133005);
            await business.PostAsync(Register("111111"), path: path).FailsAsync(wrong < RegistrationState.MaxWrongPins ? 133009 : 133008);
            _time.Advance(RegistrationState.PinPause * wrong);
        }

        await business.PostAsync(Register("111111"), path: path).FailsAsync(133008);
        await business.PostAsync("""{"pin":"333333"}""", path: business.PhoneNumberId).OkAsync();
        await business.PostAsync(Register("111111"), path: path).FailsAsync(133005);
        _time.Advance(RegistrationState.PinPause);
        await business.PostAsync(Register("333333"), path: path).OkAsync();
    }

    [Fact]
    public async Task The_eleventh_call_within_72_hours_is_refused()
    {
        await using TestRelay relay = await StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        for (int i = 0; i < RegistrationState.MaxRegistrations / 2; i++)
        {
            await business.PostAsync("", path: $"v25.0/{business.PhoneNumberId}/deregister").OkAsync();
            await business.PostAsync(Register("123456"), path: $"v25.0/{business.PhoneNumberId}/register").OkAsync();
        }

        await business.PostAsync("", path: $"v25.0/{business.PhoneNumberId}/deregister").FailsAsync(133016);
        await business.PostAsync(Register("123456"), path: $"v25.0/{business.PhoneNumberId}/register").FailsAsync(133016);
        _time.Advance(RegistrationState.RegistrationWindow + TimeSpan.FromSeconds(1));
        await business.PostAsync("", path: $"v25.0/{business.PhoneNumberId}/deregister").OkAsync();
    }

    [Fact]
    public async Task What_breaks_a_rule_is_told_and_a_strangers_number_is_none()
    {
        await using TestRelay relay = await StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        TestBusiness stranger = await relay.BusinessAsync(null);
        string messaging = TestRelay.Text(
            await relay.AdminAsync(HttpMethod.Post, $"businesses/{business.Id}/access_tokens", new { scopes = new[] { "whatsapp_business_messaging" } }), "access_token");
        string id = business.PhoneNumberId;
        foreach ((string edge, string body, int code) in new[]
        {
            ("register", "{}", 131008),
            ("register", """{"messaging_product":"whatsapp"}""", 100),
            ("register", """{"messaging_product":"whatsapp","pin":"12345"}""", 100),
            ("register", """{"messaging_product":"whatsapp","pin":"12345a"}""", 100),
            ("register", """{"messaging_product":"whatsapp","pin":123456}""", 100),
            ("register", """{"messaging_product":"whatsapp","pin":"123456","data_localization_region":"DE"}""", 100),
            ("register", """{"messaging_product":"whatsapp","pin":"123456","meta_store_retention_minutes":59}""", 100),
            ("register", """{"messaging_product":"whatsapp","pin":"123456","backup":{}}""", 100),
            ("request_code", """{"code_method":"FAX","language":"en_US"}""", 100),
            ("request_code", """{"code_method":"SMS"}""", 100),
            ("request_code", """{"code_method":"SMS","language":"en-US"}""", 100),
            ("verify_code", """{"code":"12345"}""", 100),
            ("verify_code", """{"code":"12345x"}""", 100),
        })
        {
            Assert.NotEmpty(await business.PostAsync(body, path: $"v25.0/{id}/{edge}").FailsAsync(code));
            await stranger.PostAsync(body, path: $"{id}/{edge}").FailsAsync(100, body.Contains("123456,", StringComparison.Ordinal) || body.Contains(":123456", StringComparison.Ordinal) ? null : 33);
            await business.PostAsync(body, token: messaging, path: $"{id}/{edge}").FailsAsync(body.Contains(":123456", StringComparison.Ordinal) ? 100 : 200);
        }

        await business.PostAsync("", token: messaging, path: $"{id}/deregister").FailsAsync(200);
        await stranger.PostAsync("", path: $"{id}/deregister").FailsAsync(100, 33);
        await business.PostAsync("""{"messaging_product":"whatsapp","pin":"123456","data_localization_region":"de"}""", path: $"v20.0/{id}/register").OkAsync();
        await business.PostAsync("""{"messaging_product":"whatsapp","pin":"123456","data_localization_region":"XX"}""", path: $"v20.0/{id}/register").FailsAsync(100);
        foreach (string bad in new[] { """{"pin":"1"}""", "{}", """{"pin":"123456","new_display_name":"New"}""", """{"username":"x"}""" })
        {
            await business.PostAsync(bad, path: id).FailsAsync(100);
        }
    }

    [Fact]
    public async Task No_pin_and_no_code_lies_in_clear_anywhere()
    {
        MemoryAccount account = new(_time);
        await using TestRelay relay = await StartAsync(new LocalRelayOptions { RelayStorage = new RelayStorage(account.Tables, account.Queues, account.Blobs) });
        TestBusiness business = await relay.BusinessAsync(null);
        string id = await AddAsync(business);
        await business.PostAsync("""{"code_method":"SMS","language":"en_US"}""", path: $"{id}/request_code").OkAsync();
        await business.PostAsync(Register("918273"), path: $"{business.PhoneNumberId}/register").OkAsync();

        string all = string.Join('\n', account.Dump());
        Assert.All(
            new[] { "918273", _codes.Last },
            secret => Assert.DoesNotContain(Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(secret)), all, StringComparison.Ordinal));
    }

    private Task<TestRelay> StartAsync(LocalRelayOptions? options = null) => TestRelay.StartAsync((options ?? new LocalRelayOptions()) with
    {
        Time = _time,
        Customize = services => services.AddSingleton<INumberCodeSender>(_codes),
    });

    private static async Task<string> AddAsync(TestBusiness business) => TestRelay.Text(
        await business.PostAsync($$"""{"phone_number":"{{TestRelay.RandomNumber()}}","verified_name":"Second"}""", path: $"v25.0/{business.WabaId}/phone_numbers").OkAsync(), "id");

    private static async Task AssertStateAsync(TestBusiness business, string id, string verification, string status, bool isPinEnabled)
    {
        JsonElement node = await business.GetAsync($"{id}?fields=code_verification_status,status,is_pin_enabled").OkAsync();
        Assert.Equal(
            (verification, status, isPinEnabled), (TestRelay.Text(node, "code_verification_status"), TestRelay.Text(node, "status"), node.GetProperty("is_pin_enabled").GetBoolean()));
    }

    private static string Register(string pin) => $$"""{"messaging_product":"whatsapp","pin":"{{pin}}"}""";

    private static string Code(string code) => $$"""{"code":"{{code}}"}""";

    private static string Other(string code) => code == "000000" ? "000001" : "000000";
}

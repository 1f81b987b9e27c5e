using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Shared.Azure;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Billing;

/// <summary>A business's bill through the front door.</summary>
public sealed class BillingTests
{
    private readonly LocalKeyFile _relayKeys = LocalKeyFile.InMemory();
    private readonly LocalKeyFile _transportKeys = LocalKeyFile.InMemory();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 20, 9, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_bill_says_what_was_sent_delivered_and_received_on_each_day_by_category()
    {
        await using TestRelay relay = await StartAsync(new MemoryAccount(_time));
        TestBusiness business = await relay.BusinessAsync(null);
        using TestDevice device = await relay.DeviceAsync();
        foreach (string category in (string[])["UTILITY", "MARKETING"])
        {
            await MakeTemplateAsync(business, category);
            await SendTemplateAsync(business, device, category);
        }

        await SendTemplateAsync(business, device, "MARKETING");
        await business.SendTextAsync(device.Number, "Free");
        await relay.DrainAsync();
        await device.ReceiveAsync();
        await device.SendAsync(business.Number, "Thank you");
        await relay.DrainAsync();
        await SendTemplateAsync(business, device, "MARKETING");
        await relay.DrainAsync();
        _time.Advance(TimeSpan.FromDays(1));
        await device.ReceiveAsync();
        await relay.DrainAsync();
        _time.Advance(TimeSpan.FromHours(10));

        string number = business.PhoneNumberId;
        string data = $$"""
            {"day":"2026-11-20","final":true,"phone_number_id":"{{number}}","direction":"outbound","category":"marketing","billable":true,"sent":3,"delivered":2},
            {"day":"2026-11-20","final":true,"phone_number_id":"{{number}}","direction":"outbound","category":"utility","billable":true,"sent":1,"delivered":1},
            {"day":"2026-11-20","final":true,"phone_number_id":"{{number}}","direction":"outbound","category":"service","billable":false,"sent":1,"delivered":1},
            {"day":"2026-11-20","final":true,"phone_number_id":"{{number}}","direction":"inbound","category":"service","billable":false,"received":1},
            {"day":"2026-11-21","final":false,"phone_number_id":"{{number}}","direction":"outbound","category":"marketing","billable":true,"sent":0,"delivered":1}
            """.Replace("\n", "", StringComparison.Ordinal);
        Assert.Equal(
            $$"""{"business_id":"{{business.Id}}","start":"2026-11-01","end":"2026-11-21","final":false,"data":[{{data}}]}""",
            (await business.GetAsync("relay/v1/billing").OkAsync()).GetRawText());
        Assert.Equal(
            $$"""{"business_id":"{{business.Id}}","start":"2026-11-20","end":"2026-11-20","final":true,"data":[{{data[..data.LastIndexOf(",{", StringComparison.Ordinal)]}}]}""",
            (await relay.AdminAsync(HttpMethod.Get, $"businesses/{business.Id}/billing?start=2026-11-20&end=2026-11-20", new { })).GetRawText());
        Assert.Empty(relay.Faults);
    }

    /// <summary>Each counts in a row of its own, at the same time, and what both know is on the bill within ten seconds.</summary>
    [Fact]
    public async Task Two_instances_count_together()
    {
        MemoryAccount account = new(_time);
        MemoryAccount transport = new(_time);
        await using TestRelay first = await StartAsync(account, transport);
        await using TestRelay second = await StartAsync(account, transport);
        TestBusiness business = await first.BusinessAsync(null);
        using TestDevice device = await first.DeviceAsync();
        for (int i = 0; i < 12; i++)
        {
            await (i % 2 == 0 ? business : business.At(second)).SendTextAsync(device.Number, $"{i}");
            await (i % 3 == 0 ? second : first).DrainAsync();
        }

        await device.ReceiveAsync();
        await Task.WhenAll(first.DrainAsync(), second.DrainAsync());
        _time.Advance(TimeSpan.FromSeconds(10));
        JsonElement bill = await business.GetAsync("relay/v1/billing").OkAsync();
        Assert.Equal((12, 12, 0), PairWorld.Sum([.. bill.GetProperty("data").EnumerateArray()]));
        Assert.Equal(2, account.Rows(TableNames.Counts).Count());
    }

    [Fact]
    public async Task A_business_sees_its_own_bill_alone_and_needs_the_permission_for_it()
    {
        await using TestRelay relay = await StartAsync(new MemoryAccount(_time));
        TestBusiness business = await relay.BusinessAsync(null);
        TestBusiness other = await relay.BusinessAsync(null);
        using TestDevice device = await relay.DeviceAsync();
        await business.SendTextAsync(device.Number, "Mine");
        await relay.DrainAsync();
        JsonElement bill = await other.GetAsync("relay/v1/billing").OkAsync();
        Assert.Equal((other.Id, 0), (TestRelay.Text(bill, "business_id"), bill.GetProperty("data").GetArrayLength()));
        JsonElement token = await relay.AdminAsync(HttpMethod.Post, $"businesses/{business.Id}/access_tokens", new { scopes = new[] { "whatsapp_business_messaging" } });
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(relay.Local.BaseAddress, "relay/v1/billing"));
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + TestRelay.Text(token, "access_token"));
        using HttpResponseMessage response = await relay.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        (HttpStatusCode status, JsonElement unknown) = await relay.TryAdminAsync(HttpMethod.Get, "businesses/123456/billing", new { });
        Assert.Equal((HttpStatusCode.BadRequest, 33), (status, unknown.GetProperty("error").GetProperty("error_subcode").GetInt32()));
    }

    [Theory]
    [InlineData("start=yesterday")]
    [InlineData("start=2026-11-31")]
    [InlineData("start=20261101")]
    [InlineData("end=")]
    [InlineData("end=2026-11-20T00:00:00Z")]
    [InlineData("start=2026-11-19&end=2026-11-18")]
    [InlineData("start=2025-10-15")]
    [InlineData("start=2026-11-01&end=2028-01-01")]
    [InlineData("start=9999-12-31&end=9999-12-31")]
    public async Task Days_that_make_no_sense_are_refused(string query)
    {
        await using TestRelay relay = await StartAsync(new MemoryAccount(_time));
        TestBusiness business = await relay.BusinessAsync(null);
        if (query == "end=")
        {
            await business.GetAsync($"relay/v1/billing?{query}").OkAsync();
            return;
        }

        Assert.NotEmpty(await business.GetAsync($"relay/v1/billing?{query}").FailsAsync(100));
    }

    private static async Task MakeTemplateAsync(TestBusiness business, string category) => await business.PostAsync(
        $$"""{"name":"{{category.ToLowerInvariant()}}","language":"en","category":"{{category}}","components":[{"type":"BODY","text":"Hello there"}]}""",
        path: $"{business.WabaId}/message_templates").OkAsync();

    private static async Task SendTemplateAsync(TestBusiness business, TestDevice device, string category) => await business.PostAsync(
        $$"""{"messaging_product":"whatsapp","to":"{{device.Number}}","type":"template","template":{"name":"{{category.ToLowerInvariant()}}","language":{"code":"en"} } }""").OkAsync();

    private Task<TestRelay> StartAsync(MemoryAccount account, MemoryAccount? transport = null) => TestRelay.StartAsync(new LocalRelayOptions
    {
        RelayStorage = new RelayStorage(account.Tables, account.Queues, account.Blobs),
        TransportStorage = transport is null ? null : new TransportStorage(transport.Tables, transport.Queues, transport.Blobs),
        RelayKeys = _relayKeys,
        TransportKeys = _transportKeys,
        Time = _time,
    });
}

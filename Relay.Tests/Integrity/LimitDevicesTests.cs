using System.Net;
using System.Text;
using Relay.Shared.Hosting;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.PreKeys;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Support;
using Relay.Tests.Transport;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>A device that floods others, or takes their one-time keys, is slowed down, and nobody else with it.</summary>
public sealed class LimitDevicesTests
{
    private const int Messages = 60 * 5;
    private const int Bundles = 6 * 10;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_device_sends_five_minutes_worth_at_once_and_then_one_a_second()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        (TransportHarness transport, AuthenticatedDevice anna) = (reporting.Transport, reporting.Anna);
        AuthenticatedDevice berta = await transport.RegisterAsync(Reporting.BertaNumber);
        for (int i = 0; i < Messages; i++)
        {
            Assert.True((await transport.SendAsync(anna, Reporting.BusinessNumber)).IsSuccess);
        }

        TransportResult<SendEnvelopeResponse> refused = await transport.SendAsync(anna, Reporting.BusinessNumber);
        Assert.Equal(TransportErrorCode.TooMany, refused.Code);
        Assert.InRange(refused.Failure!.RetryAfter!.Value, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1));
        Assert.True((await transport.SendAsync(berta, Reporting.BusinessNumber)).IsSuccess);
        Assert.True((await transport.SendAsync(reporting.Business, Reporting.AnnaNumber)).IsSuccess);
        transport.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await transport.SendAsync(anna, Reporting.BusinessNumber)).IsSuccess);
        Assert.Equal(TransportErrorCode.TooMany, (await transport.SendAsync(anna, Reporting.BusinessNumber)).Code);
    }

    [Fact]
    public async Task A_device_takes_ten_minutes_worth_of_bundles_and_then_one_each_ten_seconds()
    {
        await using Reporting reporting = await Reporting.StartAsync();
        TransportHarness transport = reporting.Transport;
        Task<TransportResult<BundleResponse>> TakeAsync(AuthenticatedDevice device, string number) => transport.Get<TakeBundle>().ExecuteAsync(device, new DirectoryRequest(number), None);
        for (int i = 0; i < Bundles; i++)
        {
            Assert.True((await TakeAsync(reporting.Anna, Reporting.BusinessNumber)).IsSuccess);
        }

        Assert.Equal(TransportErrorCode.TooMany, (await TakeAsync(reporting.Anna, Reporting.BusinessNumber)).Code);
        for (int i = 0; i < 2 * Bundles; i++)
        {
            Assert.True((await TakeAsync(reporting.Business, Reporting.AnnaNumber)).IsSuccess);
        }

        transport.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.True((await TakeAsync(reporting.Anna, Reporting.BusinessNumber)).IsSuccess);
    }

    [Fact]
    public async Task A_device_is_told_over_http_when_to_come_again()
    {
        await using TestRelay relay = await TestRelay.StartAsync(new() { DeviceLimits = new DeviceLimits { BundlesPerMinute = 1 } });
        TestBusiness business = await relay.BusinessAsync(null);
        using RawDevice device = await relay.RawDeviceAsync();
        HttpStatusCode[] answers = new HttpStatusCode[11];
        TimeSpan? after = null;
        for (int i = 0; i < answers.Length; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, new Uri(relay.BaseAddress, "transport/v1/bundles"));
            request.Headers.Authorization = device.Credential.ToHeader();
            request.Content = new StringContent($$"""{"number":"{{business.Number}}"}""", Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await relay.Http.SendAsync(request);
            (answers[i], after) = (response.StatusCode, response.Headers.RetryAfter?.Delta);
        }

        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.OK, 10), HttpStatusCode.TooManyRequests], answers);
        Assert.InRange(after!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData(null, null, 60, 6)]
    [InlineData("0", "0", 0, 0)]
    [InlineData("600", "30", 600, 30)]
    public void The_limits_are_settings(string? messages, string? bundles, int messagesPerMinute, int bundlesPerMinute)
    {
        Dictionary<string, string?> settings = new() { [RelaySettings.DeviceMessagesPerMinute] = messages, [RelaySettings.DeviceBundlesPerMinute] = bundles };
        DeviceLimits limits = RelaySettings.ReadDeviceLimits(settings.GetValueOrDefault, new DeviceLimits());
        Assert.Equal(new DeviceLimits { MessagesPerMinute = messagesPerMinute, BundlesPerMinute = bundlesPerMinute }, limits);
        Assert.Throws<InvalidOperationException>(() => RelaySettings.ReadDeviceLimits(_ => "many", new DeviceLimits()));
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Relay.LocalHost;
using Relay.Shared.Primitives;
using Relay.Shared.RoleCalls;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;
using Xunit;

namespace Relay.Tests.Transport;

/// <summary>The API through HTTP: the client, and everything a client may get wrong.</summary>
public sealed class TransportApiTests : IAsyncLifetime
{
    private static readonly PhoneNumber s_alice = TransportHarness.Number("+491511234567");
    private static readonly PhoneNumber s_bob = TransportHarness.Number("+4915598765432");

    private readonly TransportHarness _transport = new();
    private readonly HttpClient _http = new();
    private LocalFunctionHost _host = null!;
    private TransportClient _client = null!;

    public async Task InitializeAsync()
    {
        await _transport.CreateStorageAsync();
        _host = await LocalFunctionHost.StartAsync(
            new LocalFunctionHostOptions
            {
                FunctionClasses = type => type.Namespace == "Relay.Functions.Devices",
                ConfigureServices = _transport.Configure,
                Time = _transport.Time,
                RunPumps = false,
            },
            default);
        _http.BaseAddress = _host.BaseAddress;
        _client = new TransportClient(_http, _host.BaseAddress);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
        await _transport.DisposeAsync();
    }

    [Fact]
    public async Task Two_devices_register_find_each_other_and_exchange_an_envelope()
    {
        DeviceKeys keys = TestKeys.Create(oneTime: 1);
        DeviceCredential alice = await RegisterAsync(s_alice, TestKeys.Create());
        DeviceCredential bob = await RegisterAsync(s_bob, keys);

        Assert.Equal(keys.IdentityKey, (await _client.FindIdentityAsync(alice, s_bob, default)).Value!.IdentityKey);
        Assert.Equal(keys.OneTimePreKeys[0].PublicKey, (await _client.TakeBundleAsync(alice, s_bob, default)).Value!.OneTimePreKey!.PublicKey);
        Assert.Null((await _client.TakeBundleAsync(alice, s_bob, default)).Value!.OneTimePreKey);
        Assert.Equal(0, (await _client.CountKeysAsync(bob, default)).Value!.OneTimePreKeys);
        Assert.Equal(3, (await _client.UploadKeysAsync(bob, new() { OneTimePreKeys = TestKeys.OneTime(50, 3) }, default)).Value!.OneTimePreKeys);

        byte[] content = [1, 2, 3, 250, 251, 252];
        EnvelopeId id = EnvelopeId.Create();
        Assert.False((await _client.SendAsync(alice, s_bob, id, Envelope.PreKey, content, default)).Value!.Duplicate);
        Assert.True((await _client.SendAsync(alice, s_bob, id, Envelope.PreKey, content, default)).Value!.Duplicate);

        Envelope envelope = Assert.Single((await _client.FetchAsync(bob, 10, 50, default)).Value!.Envelopes);
        Assert.Equal((id.Hex, s_alice.E164, Envelope.PreKey), (envelope.Id, envelope.From, envelope.Type));
        Assert.Equal(content, envelope.Content);
        Assert.Equal(1, (await _client.AcknowledgeAsync(bob, [envelope.Handle!], default)).Value!.Removed);
        Assert.Empty((await _client.FetchAsync(bob, 0, 50, default)).Value!.Envelopes);
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.OK)]
    [InlineData("""{"oneTimePreKeys":[]}""", HttpStatusCode.OK)]
    [InlineData("""{"oneTimePreKeys":null}""", HttpStatusCode.BadRequest)]
    public async Task Keys_may_be_left_out(string body, HttpStatusCode expected)
    {
        DeviceCredential alice = await RegisterAsync(s_alice, TestKeys.Create());
        using HttpRequestMessage request = new(HttpMethod.Put, "transport/v1/keys") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{alice.Number.Digits}:{alice.Secret.Reveal()}")));
        using HttpResponseMessage response = await _http.SendAsync(request);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task A_business_number_is_registered_with_the_registration_key_only_and_is_pushed_to()
    {
        using SecretBytes secret = SecretBytes.CopyOf(TransportHarness.PushSecret);
        Task<TransportResult<DeviceCredential>> Register(string key) =>
            _client.RegisterBusinessNumberAsync(Signer(key), s_bob, TestKeys.Create(), TransportHarness.PushUrl, secret, "100", default);

        Assert.Equal(TransportErrorCode.Unauthorized, (await Register("wrong")).Code);
        Assert.Equal(TransportErrorCode.Unauthorized, (await Register(TransportHarness.OperatorKey)).Code);
        Assert.True((await Register(TransportHarness.RegistrationKey)).IsSuccess);
        DeviceCredential alice = await RegisterAsync(s_alice, TestKeys.Create());
        await _client.SendAsync(alice, s_bob, EnvelopeId.Create(), Envelope.Message, [1], default);
        await _host.DrainAsync(default);
        Assert.Single(_transport.RelayEnd.Pushes);
    }

    [Fact]
    public async Task A_wrong_or_missing_credential_is_401_everywhere()
    {
        await RegisterAsync(s_alice, TestKeys.Create());
        DeviceCredential wrong = new(s_alice, new Secret("wrong"));
        Assert.Equal(TransportErrorCode.Unauthorized, (await _client.FetchAsync(wrong, 0, 1, default)).Code);
        Assert.Equal(TransportErrorCode.Unauthorized, (await _client.SendAsync(wrong, s_alice, EnvelopeId.Create(), Envelope.Message, [1], default)).Code);

        string[] headers = ["", "Basic", "Basic !!!", "Basic " + Convert.ToBase64String("nocolon"u8), "Basic " + Convert.ToBase64String("491511234567:"u8), "Bearer x", "x"];
        foreach (string header in headers)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, "transport/v1/keys");
            request.Headers.TryAddWithoutValidation("Authorization", header);
            using HttpResponseMessage response = await _http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Basic", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
        }
    }

    [Theory]
    [InlineData("registrations", "")]
    [InlineData("registrations", "null")]
    [InlineData("registrations", "[]")]
    [InlineData("registrations", "{")]
    [InlineData("registrations", "{}")]
    [InlineData("registrations", "{\"number\":null}")]
    [InlineData("registrations", "{\"number\":5}")]
    [InlineData("registrations", "{\"number\":\"abc\"}")]
    [InlineData("registrations", "{\"number\":\"+491511234567\",\"number\":\"+491511234567\"}")]
    [InlineData("registrations", "{\"number\":\"\\ud800\"}")]
    [InlineData("registrations", "{\"number\":\"+491511234567\"} x")]
    [InlineData("registrations/x/verify", "{\"number\":\"+491511234567\",\"code\":\"123456\"}")]
    [InlineData("registrations/x/verify", "{\"number\":\"+491511234567\",\"code\":\"123456\",\"keys\":{\"registrationId\":-1}}")]
    [InlineData("bundles", "{\"number\":\"12\"}")]
    [InlineData("identities", "{}")]
    [InlineData("envelopes", "{\"to\":\"+491511234567\",\"id\":\"0011223344556677\",\"type\":\"message\",\"content\":\"@@@\"}")]
    [InlineData("envelopes", "{\"to\":\"+491511234567\",\"id\":\"0011223344556677\",\"type\":\"message\",\"content\":\"\"}")]
    [InlineData("envelopes", "{\"to\":\"+491511234567\",\"id\":\"0011223344556677\",\"type\":\"other\",\"content\":\"AQ==\"}")]
    [InlineData("envelopes", "{\"to\":\"+491511234567\",\"id\":\"00112233445566GG\",\"type\":\"message\",\"content\":\"AQ==\"}")]
    [InlineData("envelopes/ack", "{\"handles\":[]}")]
    [InlineData("envelopes/ack", "{\"handles\":[null]}")]
    [InlineData("envelopes/ack", "{\"handles\":[\"M:../..\"]}")]
    public async Task A_body_that_is_not_what_the_operation_takes_is_400(string path, string body)
    {
        DeviceCredential alice = await RegisterAsync(s_alice, TestKeys.Create());
        (HttpStatusCode status, string code) = await PostAsync(path, alice, new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal((HttpStatusCode.BadRequest, TransportErrorCode.BadRequest), (status, code));
    }

    [Fact]
    public async Task Sizes_types_and_ranges_are_bounded()
    {
        DeviceCredential alice = await RegisterAsync(s_alice, TestKeys.Create());
        byte[] large = new byte[TransportLimits.MaxBodyBytes + 1];
        large.AsSpan().Fill((byte)' ');

        ByteArrayContent known = new(large) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, TransportErrorCode.TooLarge), await PostAsync("envelopes", alice, known));

        StreamContent chunked = new(new UnknownLengthStream(large)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, TransportErrorCode.TooLarge), await PostAsync("envelopes", alice, chunked));

        Assert.Equal((HttpStatusCode.BadRequest, TransportErrorCode.BadRequest), await PostAsync("bundles", alice, new StringContent("{}", Encoding.UTF8, "text/plain")));
        Assert.Equal(
            TransportErrorCode.TooLarge,
            (await _client.SendAsync(alice, s_alice, EnvelopeId.Create(), Envelope.Message, new byte[TransportLimits.MaxEnvelopeBytes + 1], default)).Code);
        Assert.True((await _client.SendAsync(alice, s_alice, EnvelopeId.Create(), Envelope.Message, new byte[TransportLimits.MaxEnvelopeBytes], default)).IsSuccess);
        Assert.Equal(TransportErrorCode.BadRequest, (await _client.FetchAsync(alice, 31, 1, default)).Code);
        Assert.Equal(TransportErrorCode.BadRequest, (await _client.FetchAsync(alice, 0, 51, default)).Code);
        Assert.Equal(TransportErrorCode.BadRequest, (await _client.FetchAsync(alice, -1, 0, default)).Code);
    }

    [Fact]
    public async Task Too_many_codes_are_429_with_a_time_to_come_back()
    {
        for (int i = 0; i < TransportLimits.MaxRegistrationsPerHour; i++)
        {
            Assert.True((await _client.StartRegistrationAsync(s_alice, default)).IsSuccess);
        }

        TransportFailure failure = (await _client.StartRegistrationAsync(s_alice, default)).Failure!;
        Assert.Equal((TransportErrorCode.TooMany, TimeSpan.FromHours(1)), (failure.Code, failure.RetryAfter));
    }

    [Fact]
    public async Task A_storage_fault_is_503_to_the_wire_and_an_exception_to_the_client()
    {
        using SecretBytes secret = SecretBytes.CopyOf(TransportHarness.PushSecret);
        await _client.RegisterBusinessNumberAsync(Signer(TransportHarness.RegistrationKey), s_bob, TestKeys.Create(), TransportHarness.PushUrl, secret, "100", default);
        DeviceCredential alice = await RegisterAsync(s_alice, TestKeys.Create());
        _transport.Queues.FailNextSend = true;
        HttpRequestException e = await Assert.ThrowsAsync<HttpRequestException>(
            () => _client.SendAsync(alice, s_bob, EnvelopeId.Create(), Envelope.Message, [1], default));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, e.StatusCode);
    }

    private RoleSigner Signer(string key) => new(new RoleKeys(new Secret(key)), _transport.Time);

    private async Task<DeviceCredential> RegisterAsync(PhoneNumber number, DeviceKeys keys)
    {
        string registrationId = (await _client.StartRegistrationAsync(number, default)).Value!.RegistrationId;
        return (await _client.VerifyRegistrationAsync(registrationId, number, _transport.Codes.Codes[registrationId], keys, default)).Value!;
    }

    private async Task<(HttpStatusCode Status, string Code)> PostAsync(string path, DeviceCredential credential, HttpContent content)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "transport/v1/" + path) { Content = content };
        request.Headers.Authorization = credential.ToHeader();
        using HttpResponseMessage response = await _http.SendAsync(request);
        TransportErrorResponse? error = JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(), TransportJson.Default.TransportErrorResponse);
        return (response.StatusCode, error!.Error.Code);
    }

    private sealed class UnknownLengthStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}

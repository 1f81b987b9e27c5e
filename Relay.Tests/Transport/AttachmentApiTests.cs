using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Relay.LocalHost;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;
using Xunit;

namespace Relay.Tests.Transport;

/// <summary>Encrypted files through HTTP: in and out as they come, and everything a client may get wrong.</summary>
public sealed class AttachmentApiTests : IAsyncLifetime
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
        _client = new TransportClient(_http, _host.BaseAddress);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
        await _transport.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1024 * 1024)]
    [InlineData((3 * 1024 * 1024) + 7)]
    public async Task Any_registered_device_that_knows_the_id_gets_the_bytes(int size)
    {
        DeviceCredential alice = await RegisterAsync(s_alice);
        DeviceCredential bob = await RegisterAsync(s_bob);
        byte[] bytes = RandomNumberGenerator.GetBytes(size);
        string id = await PutAsync(alice, bytes);
        Assert.Equal(bytes, await GetAsync(bob, id));
        Assert.Equal(40, id.Length);
        Assert.DoesNotContain(id[8..], Assert.Single(_transport.Blobs.Everything()).Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_else_does()
    {
        DeviceCredential alice = await RegisterAsync(s_alice);
        string id = await PutAsync(alice, [1, 2, 3]);
        DeviceCredential wrong = new(s_alice, new Secret("wrong"));
        Assert.Equal(TransportErrorCode.Unauthorized, (await _client.OpenAttachmentAsync(wrong, id, default)).Code);
        Assert.Equal(TransportErrorCode.Unauthorized, (await _client.PutAttachmentAsync(wrong, new MemoryStream([1]), default)).Code);
        foreach (string unknown in new[] { id[..^1] + (id[^1] == '0' ? '1' : '0'), "20261122", "x", id.ToUpperInvariant() + "A", new string('0', 40) })
        {
            Assert.Equal(TransportErrorCode.UnknownAttachment, (await _client.OpenAttachmentAsync(alice, unknown, default)).Code);
        }
    }

    [Fact]
    public async Task An_attachment_lives_as_long_as_an_envelope()
    {
        DeviceCredential alice = await RegisterAsync(s_alice);
        string id = await PutAsync(alice, [1, 2, 3]);
        _transport.Time.Advance(TimeSpan.FromDays(28));
        await DeleteExpiredAsync();
        Assert.Equal([1, 2, 3], await GetAsync(alice, id));
        _transport.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(TransportErrorCode.UnknownAttachment, (await _client.OpenAttachmentAsync(alice, id, default)).Code);
        await DeleteExpiredAsync();
        Assert.Empty(_transport.Blobs.Everything());
        Assert.Empty(await _transport.Tables.QueryAsync(TableNames.Attachments, TableRange.Partition(Hash(), 10), default).ToListAsync());
    }

    [Fact]
    public async Task What_is_wrong_with_a_body_is_told_and_nothing_is_kept()
    {
        DeviceCredential alice = await RegisterAsync(s_alice);
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(alice, new ByteArrayContent([]), "application/octet-stream"));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(alice, new ByteArrayContent([1]), "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(alice, new ByteArrayContent([1]), null));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await SaysAsync(alice, TransportLimits.MaxAttachmentBytes + 1L));
        Assert.Empty(_transport.Blobs.Everything());
    }

    [Fact]
    public async Task A_device_that_has_left_too_much_today_waits_for_tomorrow()
    {
        DeviceCredential alice = await RegisterAsync(s_alice);
        await PutAsync(alice, [1]);
        string hash = Hash();
        Dictionary<string, object> much = new() { ["bytes"] = TransportLimits.MaxAttachmentBytesPerDay, ["count"] = 5 };
        await _transport.Tables.CommitAsync(TableNames.Attachments, hash, [TableWrite.Upsert(Today(), much)], default);
        TransportResult<AttachmentResponse> refused = await _client.PutAttachmentAsync(alice, new MemoryStream([1]), default);
        Assert.Equal(TransportErrorCode.TooMany, refused.Code);
        Assert.InRange(refused.Failure!.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        await _transport.Tables.CommitAsync(TableNames.Attachments, hash, [TableWrite.Upsert(Today(), new Dictionary<string, object> { ["bytes"] = 5L, ["count"] = TransportLimits.MaxAttachmentsPerDay })], default);
        Assert.Equal(TransportErrorCode.TooMany, (await _client.PutAttachmentAsync(alice, new MemoryStream([1]), default)).Code);
        _transport.Time.Advance(TimeSpan.FromDays(1));
        Assert.True((await _client.PutAttachmentAsync(alice, new MemoryStream([1]), default)).IsSuccess);
    }

    [Fact]
    public async Task What_was_left_at_once_is_counted_in_full()
    {
        DeviceCredential alice = await RegisterAsync(s_alice);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => PutAsync(alice, new byte[1_000])));
        TableRow row = (await _transport.Tables.GetAsync(TableNames.Attachments, Hash(), Today(), default))!;
        Assert.Equal((6_000L, 6), (row.Get<long>("bytes"), row.Get<int>("count")));
    }

    private string Today() => UtcDay.Today(_transport.Time).Key;

    private string Hash() => _transport.Tables.Writes.First(write => write.Table == TableNames.Attachments).Partition;

    private Task DeleteExpiredAsync() => _transport.Get<Relay.Shared.Transport.Expiry.DeleteExpiredEnvelopes>().ExecuteAsync(default);

    private async Task<string> PutAsync(DeviceCredential credential, byte[] bytes) =>
        (await _client.PutAttachmentAsync(credential, new MemoryStream(bytes), default)).Value?.Id ?? throw new InvalidOperationException("Refused.");

    private async Task<byte[]> GetAsync(DeviceCredential credential, string id)
    {
        await using Stream content = (await _client.OpenAttachmentAsync(credential, id, default)).Value ?? throw new InvalidOperationException("Refused.");
        using MemoryStream all = new();
        await content.CopyToAsync(all);
        return all.ToArray();
    }

    private async Task<HttpStatusCode> PostAsync(DeviceCredential credential, HttpContent content, string? type)
    {
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(_host.BaseAddress, "transport/v1/attachments")) { Content = content };
        request.Headers.Authorization = Authorization(credential);
        using HttpResponseMessage response = await _http.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>A request that says how long it is, and is answered before any of it comes.</summary>
    private async Task<HttpStatusCode> SaysAsync(DeviceCredential credential, long length)
    {
        using System.Net.Sockets.TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, _host.BaseAddress.Port);
        await using System.Net.Sockets.NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /transport/v1/attachments HTTP/1.1\r\nHost: a\r\nAuthorization: {Authorization(credential)}\r\nContent-Type: application/octet-stream\r\nContent-Length: {length}\r\n\r\n"));
        byte[] answer = new byte[12];
        await stream.ReadExactlyAsync(answer);
        return (HttpStatusCode)int.Parse(Encoding.ASCII.GetString(answer, 9, 3), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static AuthenticationHeaderValue Authorization(DeviceCredential credential) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.Number.Digits}:{credential.Secret.Reveal()}")));

    private async Task<DeviceCredential> RegisterAsync(PhoneNumber number)
    {
        TransportResult<StartRegistrationResponse> started = await _client.StartRegistrationAsync(number, default);
        string id = started.Value!.RegistrationId;
        return (await _client.VerifyRegistrationAsync(id, number, _transport.Codes.Codes[id], TestKeys.Create(), default)).Value!;
    }
}

using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Tests.Support;

/// <summary>
/// The transport's routes for devices in memory, without its checks. A fetch with nothing to give lets the clock pass the wait.
/// Knobs: calls that break before or after they took effect, and repeats of what was acknowledged.
/// </summary>
internal sealed class FakeTransport(FakeTimeProvider time) : HttpMessageHandler
{
    internal const string Code = "123456";
    internal const string RegistrationId = "00112233445566778899aabbccddeeff";

    private readonly Dictionary<string, Device> _devices = [];
    private readonly List<Envelope> _delivered = [];
    private int _handles;

    /// <summary>Every envelope that arrived here, repeats as well.</summary>
    internal List<SendEnvelopeRequest> Sent { get; } = [];

    internal List<string> Acknowledged { get; } = [];

    internal int BundlesTaken { get; private set; }

    /// <summary>Asked before each call, with its path: whether it fails before it has an effect.</summary>
    internal Func<string, bool> FailsBefore { get; set; } = _ => false;

    /// <summary>Whether it fails after it had its effect: the answer is lost.</summary>
    internal Func<string, bool> FailsAfter { get; set; } = _ => false;

    internal TransportClient Connect() => new(new HttpClient(this, disposeHandler: false), new Uri("http://127.0.0.1:7071"));

    internal int PreKeysLeft(PhoneNumber of) => _devices[of.E164].OneTime.Count;

    internal int KyberPreKeysLeft(PhoneNumber of) => _devices[of.E164].Kyber.Count;

    internal uint? LastResortKeyOf(PhoneNumber of) => _devices[of.E164].LastResort?.Id;

    internal int Waiting(PhoneNumber of) => _devices[of.E164].Mailbox.Count;

    internal void Unregister(PhoneNumber number) => _devices.Remove(number.E164);

    internal void SpendPreKeys(PhoneNumber of, int leave)
    {
        Queue<PreKeyUpload> keys = _devices[of.E164].OneTime;
        while (keys.Count > leave)
        {
            keys.Dequeue();
        }
    }

    internal void SpendKyberPreKeys(PhoneNumber of, int leave)
    {
        Queue<KyberPreKeyUpload> keys = _devices[of.E164].Kyber;
        while (keys.Count > leave)
        {
            keys.Dequeue();
        }
    }

    /// <summary>As if the device had never had any Kyber keys.</summary>
    internal void DropKyberPreKeys(PhoneNumber of)
    {
        _devices[of.E164].Kyber.Clear();
        _devices[of.E164].KyberIds.Clear();
        _devices[of.E164].LastResort = null;
    }

    /// <summary>Takes what waits for a number out of its mailbox.</summary>
    internal IReadOnlyList<Envelope> Intercept(PhoneNumber of)
    {
        List<Envelope> all = [.. _devices[of.E164].Mailbox];
        _devices[of.E164].Mailbox.Clear();
        return all;
    }

    /// <summary>Puts an envelope into a mailbox, as a sender would.</summary>
    internal void Inject(PhoneNumber to, Envelope envelope) => _devices[to.E164].Mailbox.Add(envelope with { Handle = NextHandle() });

    /// <summary>Delivers everything again that this number ever got.</summary>
    internal void Redeliver(PhoneNumber to)
    {
        foreach (Envelope envelope in _delivered.Where(envelope => envelope.Handle is { } handle && handle.EndsWith(to.E164, StringComparison.Ordinal)).ToList())
        {
            _devices[to.E164].Mailbox.Add(envelope);
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string path = $"{request.Method} {request.RequestUri!.AbsolutePath["/transport/v1/".Length..]}";
        if (FailsBefore(path))
        {
            throw new HttpRequestException("Down.");
        }

        byte[] body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        HttpResponseMessage response = Answer(path, request, body);
        return FailsAfter(path) ? throw new HttpRequestException("The answer is lost.") : response;
    }

    private HttpResponseMessage Answer(string path, HttpRequestMessage request, byte[] body)
    {
        if (path == "POST registrations")
        {
            return Ok(new StartRegistrationResponse(RegistrationId, time.GetUtcNow().ToUnixTimeSeconds() + 600), TransportJson.Default.StartRegistrationResponse);
        }

        if (path == $"POST registrations/{RegistrationId}/verify")
        {
            return Verify(Read(body, TransportJson.Default.VerifyRegistrationRequest));
        }

        if (Authenticate(request) is not { } device)
        {
            return Refuse(HttpStatusCode.Unauthorized, TransportErrorCode.Unauthorized);
        }

        return path switch
        {
            "GET keys" => Count(device),
            "PUT keys" => Upload(device, Read(body, TransportJson.Default.UploadKeysRequest)),
            "POST bundles" => Bundle(Read(body, TransportJson.Default.DirectoryRequest).Number),
            "POST envelopes" => Send(device, Read(body, TransportJson.Default.SendEnvelopeRequest)),
            "GET envelopes" => Fetch(device, request.RequestUri!.Query),
            "POST envelopes/ack" => Acknowledge(device, Read(body, TransportJson.Default.AcknowledgeRequest)),
            _ => new HttpResponseMessage(HttpStatusCode.NotImplemented),
        };
    }

    private HttpResponseMessage Verify(VerifyRegistrationRequest request)
    {
        if (request.Code != Code)
        {
            return Refuse(HttpStatusCode.Forbidden, TransportErrorCode.VerificationFailed);
        }

        Device device = new(request.Number, Guid.NewGuid().ToString("N"), request.Keys);
        _devices[request.Number] = device;
        return Ok(new DeviceCredentialResponse(1, device.Credential), TransportJson.Default.DeviceCredentialResponse);
    }

    private Device? Authenticate(HttpRequestMessage request)
    {
        string[] pair = Encoding.UTF8.GetString(Convert.FromBase64String(request.Headers.Authorization!.Parameter!)).Split(':', 2);
        return _devices.TryGetValue("+" + pair[0], out Device? device) && device.Credential == pair[1] ? device : null;
    }

    private static HttpResponseMessage Count(Device device) =>
        Ok(
            new KeyCountResponse(device.Signed.Id, device.OneTime.Count) { LastResortKyberPreKeyId = device.LastResort?.Id, KyberPreKeys = device.Kyber.Count },
            TransportJson.Default.KeyCountResponse);

    private static HttpResponseMessage Upload(Device device, UploadKeysRequest request)
    {
        device.Signed = request.SignedPreKey ?? device.Signed;
        device.LastResort = request.LastResortKyberPreKey ?? device.LastResort;
        foreach (PreKeyUpload key in request.OneTimePreKeys.Where(key => device.OneTime.All(known => known.Id != key.Id)))
        {
            device.OneTime.Enqueue(key);
        }

        foreach (KyberPreKeyUpload key in request.KyberPreKeys.Where(key => device.KyberIds.Add(key.Id)))
        {
            device.Kyber.Enqueue(key);
        }

        return Count(device);
    }

    private HttpResponseMessage Bundle(string number)
    {
        if (!_devices.TryGetValue(number, out Device? device))
        {
            return Refuse(HttpStatusCode.NotFound, TransportErrorCode.UnknownNumber);
        }

        BundlesTaken++;
        return Ok(
            new BundleResponse
            {
                RegistrationId = device.Keys.RegistrationId,
                DeviceId = 1,
                IdentityKey = device.Keys.IdentityKey,
                SignedPreKey = device.Signed,
                OneTimePreKey = device.OneTime.TryDequeue(out PreKeyUpload? key) ? key : null,
                KyberPreKey = device.Kyber.TryDequeue(out KyberPreKeyUpload? kyber) ? kyber : device.LastResort,
            },
            TransportJson.Default.BundleResponse);
    }

    private HttpResponseMessage Send(Device from, SendEnvelopeRequest request)
    {
        Sent.Add(request);
        if (!_devices.TryGetValue(request.To, out Device? to))
        {
            return Refuse(HttpStatusCode.NotFound, TransportErrorCode.UnknownNumber);
        }

        bool isNew = to.Seen.Add($"{from.Number}/{request.Id}");
        if (isNew)
        {
            to.Mailbox.Add(new Envelope
            {
                Id = request.Id,
                From = from.Number,
                Type = request.Type,
                Content = request.Content,
                Timestamp = time.GetUtcNow().ToUnixTimeSeconds(),
                Handle = NextHandle() + to.Number,
            });
        }

        return Ok(new SendEnvelopeResponse(!isNew), TransportJson.Default.SendEnvelopeResponse);
    }

    private HttpResponseMessage Fetch(Device device, string query)
    {
        if (device.Mailbox.Count == 0)
        {
            time.Advance(TimeSpan.FromSeconds(int.Parse(query.Split("wait=")[1].Split('&')[0], System.Globalization.CultureInfo.InvariantCulture)));
        }

        List<Envelope> some = [.. device.Mailbox.Take(TransportLimits.MaxEnvelopesPerFetch)];
        return Ok(new FetchEnvelopesResponse(some, device.Mailbox.Count > some.Count), TransportJson.Default.FetchEnvelopesResponse);
    }

    private HttpResponseMessage Acknowledge(Device device, AcknowledgeRequest request)
    {
        Acknowledged.AddRange(request.Handles);
        _delivered.AddRange(device.Mailbox.Where(envelope => request.Handles.Contains(envelope.Handle)));
        int removed = device.Mailbox.RemoveAll(envelope => request.Handles.Contains(envelope.Handle));
        return Ok(new AcknowledgeResponse(removed), TransportJson.Default.AcknowledgeResponse);
    }

    private string NextHandle() => $"handle{++_handles}";

    private static T Read<T>(byte[] body, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(body, type)!;

    private static HttpResponseMessage Ok<T>(T value, JsonTypeInfo<T> type) =>
        new(HttpStatusCode.OK) { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(value, type)) };

    private static HttpResponseMessage Refuse(HttpStatusCode status, string code) => new(status)
    {
        Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(
            new TransportErrorResponse(new TransportError(code, "Refused.")), TransportJson.Default.TransportErrorResponse)),
    };

    private sealed class Device(string number, string credential, DeviceKeys keys)
    {
        internal string Number { get; } = number;

        internal string Credential { get; } = credential;

        internal DeviceKeys Keys { get; } = keys;

        internal SignedPreKeyUpload Signed { get; set; } = keys.SignedPreKey;

        internal Queue<PreKeyUpload> OneTime { get; } = new(keys.OneTimePreKeys);

        internal KyberPreKeyUpload? LastResort { get; set; } = keys.LastResortKyberPreKey;

        internal Queue<KyberPreKeyUpload> Kyber { get; } = new(keys.KyberPreKeys);

        internal HashSet<uint> KyberIds { get; } = [.. keys.KyberPreKeys.Select(key => key.Id)];

        internal List<Envelope> Mailbox { get; } = [];

        internal HashSet<string> Seen { get; } = [];
    }
}

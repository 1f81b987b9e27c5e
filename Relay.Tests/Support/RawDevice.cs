using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Relay.Shared.Content;
using Relay.Shared.Devices;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;
using Xunit;

namespace Relay.Tests.Support;

/// <summary>A device by hand: does what a test tells it, also what no good device does.</summary>
internal sealed class RawDevice : IDisposable
{
    private readonly TransportClient _transport;
    private readonly DeviceCredential _credential;
    private readonly IdentityKeyPair _identity;
    private readonly SignedPreKeyPair _signed;
    private readonly KyberPreKeyPair _kyber;

    public DeviceCredential Credential => _credential;

    private RawDevice(TransportClient transport, DeviceCredential credential, IdentityKeyPair identity, SignedPreKeyPair signed, KyberPreKeyPair kyber) =>
        (_transport, _credential, _identity, _signed, _kyber) = (transport, credential, identity, signed, kyber);

    public PhoneNumber Number => _credential.Number;

    /// <summary>Null when it has lost its session.</summary>
    public SessionRecord? Session { get; set; }

    public static async Task<RawDevice> RegisterAsync(
        TransportClient transport, string number, Func<string, Secret> codeOf, bool withKyber = true, IdentityKeyPair? identity = null)
    {
        identity ??= IdentityKeyPair.Generate();
        SignedPreKeyPair signed = SignedPreKeyPair.Generate(identity, 1);
        KyberPreKeyPair kyber = KyberPreKeyPair.Generate(identity, 2);
        DeviceKeys keys = new()
        {
            RegistrationId = 1,
            IdentityKey = identity.PublicKey.ToBytes(),
            SignedPreKey = new SignedPreKeyUpload(signed.Id, signed.KeyPair.PublicKey.ToBytes(), signed.Signature.ToArray()),
            LastResortKyberPreKey = withKyber ? new KyberPreKeyUpload(kyber.Id, kyber.KeyPair.PublicKey.ToBytes(), kyber.Signature.ToArray()) : null,
        };
        StartRegistrationResponse started = (await transport.StartRegistrationAsync(TestDevice.Of(number), default)).Value!;
        TransportResult<DeviceCredential> verified = await transport.VerifyRegistrationAsync(
            started.RegistrationId, TestDevice.Of(number), codeOf(started.RegistrationId), keys, default);
        return new RawDevice(transport, verified.Value!, identity, signed, kyber);
    }

    /// <summary>Everything that waits, acknowledged.</summary>
    public async Task<IReadOnlyList<Envelope>> FetchAsync()
    {
        FetchEnvelopesResponse fetched = (await _transport.FetchAsync(_credential, 0, 50, default)).Value!;
        if (fetched.Envelopes.Count > 0)
        {
            await _transport.AcknowledgeAsync(_credential, [.. fetched.Envelopes.Select(envelope => envelope.Handle!)], default);
        }

        return fetched.Envelopes;
    }

    public DeviceContent? Read(Envelope envelope)
    {
        SignalMessageKind kind = envelope.Type == Envelope.PreKey ? SignalMessageKind.PreKey : SignalMessageKind.Message;
        DecryptResult result = SessionCipher.Decrypt(
            Session, _identity, 1, new SignalCiphertext(kind, envelope.Content), new ResponderPreKeys(_signed, null, _kyber));
        Session = result.Next ?? Session;
        return result.Plaintext is { } plaintext ? DeviceContentCodec.Decode(plaintext) : null;
    }

    /// <summary>Opens a session of its own with a business, whatever there was.</summary>
    public async Task OpenAsync(string with, SignalPolicy? policy = null)
    {
        BundleResponse response = (await _transport.TakeBundleAsync(_credential, TestDevice.Of(with), default)).Value!;
        Assert.True(PublishedBundle.TryRead(response, out PreKeyBundle? bundle));
        Session = SessionCipher.Initiate(Session, _identity, 1, bundle, new SessionOptions { Policy = policy ?? SignalPolicy.AcceptAll }).Next;
    }

    public SafetyNumber SafetyNumberWith(string number) => SafetyNumber.Create(
        _identity.PublicKey, Encoding.UTF8.GetBytes(Number.E164), Session!.RemoteIdentity, Encoding.UTF8.GetBytes(number));

    public Task<Envelope> SendReceiptAsync(string to, string status, params string[] ids) => SendAsync(to, new DeviceContent
    {
        Id = EnvelopeId.Create().Hex,
        Timestamp = 1_800_000_000,
        Receipt = new ContentReceipt(status, ids),
    });

    public Task<Envelope> SendTextAsync(string to, string text) => SendAsync(to, new DeviceContent
    {
        Id = EnvelopeId.Create().Hex,
        Timestamp = 1_800_000_000,
        Message = JsonDocument.Parse(JsonSerializer.Serialize(new { type = "text", text = new { body = text } })).RootElement,
    });

    /// <summary>Sends content under an envelope id, its own unless another is given.</summary>
    public async Task<Envelope> SendAsync(string to, DeviceContent content, EnvelopeId? envelope = null)
    {
        Envelope sent = Encrypt(content, envelope);
        await PostAsync(to, sent);
        return sent;
    }

    public Envelope Encrypt(DeviceContent content, EnvelopeId? envelope = null)
    {
        (SignalCiphertext message, SessionRecord next) = SessionCipher.Encrypt(Session!, _identity, DeviceContentCodec.Encode(content));
        Session = next;
        Assert.True(EnvelopeId.TryParse(content.Id, out EnvelopeId own));
        return new Envelope
        {
            Id = (envelope ?? own).Hex,
            From = Number.E164,
            Type = message.Kind == SignalMessageKind.PreKey ? Envelope.PreKey : Envelope.Message,
            Content = message.Bytes,
            Timestamp = content.Timestamp,
        };
    }

    /// <summary>Leaves a file with the transport; what leads to it, as a message says it.</summary>
    public async Task<JsonElement> UploadAsync(byte[] file)
    {
        byte[] key = RandomNumberGenerator.GetBytes(64);
        using MemoryStream source = new(file);
        await using AttachmentEncryption encrypted = new(source, key);
        string id = (await _transport.PutAttachmentAsync(_credential, encrypted, default)).Value!.Id;
        return JsonSerializer.SerializeToElement(new { id, key, digest = encrypted.Digest, size = file.Length });
    }

    /// <summary>The file that a message leads to.</summary>
    public async Task<byte[]> DownloadAsync(JsonElement attachment)
    {
        AttachmentPointer pointer = attachment.Deserialize<AttachmentPointer>()!;
        await using Stream encrypted = (await _transport.OpenAttachmentAsync(_credential, pointer.Id, default)).Value!;
        await using AttachmentDecryption decrypted = new(encrypted, pointer);
        using MemoryStream whole = new();
        await decrypted.CopyToAsync(whole);
        return whole.ToArray();
    }

    /// <summary>Posts any bytes under any id.</summary>
    public async Task PostAsync(string to, Envelope envelope)
    {
        Assert.True(EnvelopeId.TryParse(envelope.Id, out EnvelopeId id));
        TransportResult<SendEnvelopeResponse> sent = await _transport.SendAsync(_credential, TestDevice.Of(to), id, envelope.Type, envelope.Content, default);
        Assert.True(sent.IsSuccess, sent.Failure?.Message);
    }

    public void Dispose()
    {
        Session?.Dispose();
        _identity.Dispose();
        _signed.Dispose();
        _kyber.Dispose();
    }
}

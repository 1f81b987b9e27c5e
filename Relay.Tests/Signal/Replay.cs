using System.Text.Json;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Shared.Signal.Wire;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>Our side of a recorded conversation: it makes the draws it made then, and must say what it said then.</summary>
internal sealed class Replay : IDisposable
{
    private readonly uint _registrationId;
    private readonly SessionProtocols _protocol;
    private readonly SessionOptions _options;
    private IdentityKeyPair? _identity;
    private SignedPreKeyPair? _signed;
    private PreKeyPair? _oneTime;
    private KyberPreKeyPair? _kyber;
    private byte[]? _record;

    public Replay(JsonElement transcript)
    {
        _registrationId = transcript.Number("ourRegistrationId");
        _protocol = transcript.Number("protocolVersion") == 3 ? SessionProtocols.X3dh
            : transcript.GetProperty("spqr").GetBoolean() ? SessionProtocols.PqxdhSpqr
            : SessionProtocols.Pqxdh;
        _options = new SessionOptions { Policy = new SignalPolicy(_protocol) };
        if (_protocol == SessionProtocols.PqxdhSpqr)
        {
            _options = _options with { Local = Address(transcript, "ourName"), Remote = Address(transcript, "peerName") };
        }
    }

    private IdentityKeyPair Us => _identity ?? throw new InvalidDataException("No identity yet.");

    public void Run(JsonElement step, string where)
    {
        var draws = new Draws(step);
        switch (step.Text("op"))
        {
            case "identity":
                _identity = IdentityKeyPair.Import(draws.Take("x25519"));
                Assert.Equal(step.Text("publicKey"), Us.PublicKey.ToString());
                break;
            case "publishBundle":
                Publish(step.GetProperty("bundle"), draws);
                break;
            case "processBundle":
                Initiate(step.GetProperty("bundle"), draws);
                break;
            case "encrypt":
                Encrypt(step, draws, where);
                break;
            case "decrypt":
                Decrypt(step, draws, where);
                break;
            default:
                Assert.Fail(where);
                break;
        }

        Assert.Equal((where, 0), (where, draws.Left));
    }

    public void Dispose()
    {
        _identity?.Dispose();
        _signed?.Dispose();
        _oneTime?.Dispose();
        _kyber?.Dispose();
    }

    private void Publish(JsonElement bundle, Draws draws)
    {
        _signed = SignedPreKeyPair.Generate(Us, bundle.Number("signedPreKeyId"), KeyPair.FromDraw(draws.Take("x25519")), draws.Take("xeddsa-nonce"));
        Assert.Equal(bundle.Text("signedPreKey"), _signed.KeyPair.PublicKey.ToString());
        Assert.Equal(bundle.Text("signedPreKeySig"), Convert.ToHexStringLower(_signed.Signature));
        if (Has(bundle, "preKey"))
        {
            _oneTime = new PreKeyPair(bundle.Number("preKeyId"), KeyPair.FromDraw(draws.Take("x25519")));
            Assert.Equal(bundle.Text("preKey"), _oneTime.KeyPair.PublicKey.ToString());
        }

        if (Has(bundle, "kyberPreKey"))
        {
            KyberKeyPair keys = KyberKeyPair.FromDraws(draws.Take("mlkem-d"), draws.Take("mlkem-z"));
            _kyber = KyberPreKeyPair.Generate(Us, bundle.Number("kyberPreKeyId"), keys, draws.Take("xeddsa-nonce"));
            Assert.Equal(bundle.Text("kyberPreKey"), keys.PublicKey.ToString());
            Assert.Equal(bundle.Text("kyberPreKeySig"), Convert.ToHexStringLower(_kyber.Signature));
        }
    }

    private void Initiate(JsonElement bundle, Draws draws)
    {
        bool kyber = Has(bundle, "kyberPreKey");
        using var drawn = new InitiatorDraws(
            KeyPair.FromDraw(draws.Take("x25519")), kyber ? draws.Take("mlkem-m") : [], KeyPair.FromDraw(draws.Take("x25519")));
        (SessionOutcome outcome, SessionRecord? next) = SessionCipher.Initiate(
            Load(),
            Us,
            _registrationId,
            new PreKeyBundle
            {
                RegistrationId = bundle.Number("registrationId"),
                DeviceId = bundle.Number("deviceId"),
                IdentityKey = Key(bundle, "identityKey"),
                SignedPreKeyId = bundle.Number("signedPreKeyId"),
                SignedPreKey = Key(bundle, "signedPreKey"),
                SignedPreKeySignature = bundle.Hex("signedPreKeySig"),
                PreKeyId = Has(bundle, "preKey") ? bundle.Number("preKeyId") : null,
                PreKey = Has(bundle, "preKey") ? Key(bundle, "preKey") : null,
                KyberPreKeyId = kyber ? bundle.Number("kyberPreKeyId") : null,
                KyberPreKey = kyber && KyberPublicKey.TryParse(bundle.Hex("kyberPreKey"), out KyberPublicKey? key) ? key : null,
                KyberPreKeySignature = kyber ? bundle.Hex("kyberPreKeySig") : default,
            },
            _options,
            drawn);
        Assert.Equal(SessionOutcome.Success, outcome);
        Store(next);
    }

    private void Encrypt(JsonElement step, Draws draws, string where)
    {
        using SessionRecord record = Load() ?? throw new InvalidDataException(where);
        byte[] spqrDraw = draws.Left switch
        {
            0 => [],
            1 => draws.Take("mlkem-m"),
            _ => [.. draws.Take("mlkem-d"), .. draws.Take("mlkem-z")],
        };
        (SignalCiphertext message, SessionRecord next) = SessionCipher.Encrypt(record, Us, step.Hex("plaintext"), _options, spqrDraw);
        Assert.Equal(where + step.Text("message"), where + Convert.ToHexStringLower(message.Bytes));
        Assert.Equal(step.Text("type") == "prekey", message.Kind == SignalMessageKind.PreKey);
        Store(next);
    }

    private void Decrypt(JsonElement step, Draws draws, string where)
    {
        byte[] bytes = step.Hex("message");
        SignalMessageKind kind = step.Text("type") == "prekey" ? SignalMessageKind.PreKey : SignalMessageKind.Message;
        using SessionRecord? record = Load();
        using KeyPair? draw = draws.Left == 0 ? null : KeyPair.FromDraw(draws.Take("x25519"));
        bool isNew = kind == SignalMessageKind.PreKey
            && PreKeySignalMessage.TryParse(bytes, out PreKeySignalMessage? first)
            && record?.HasSessionFor(first) != true;
        ResponderPreKeys? preKeys = isNew && _signed is not null ? new ResponderPreKeys(_signed, _oneTime, _kyber) : null;

        DecryptResult result = SessionCipher.Decrypt(
            record, Us, _registrationId, new SignalCiphertext(kind, bytes), preKeys, _options, draw);

        Assert.Equal((where, SessionOutcome.Success), (where, result.Outcome));
        Assert.Equal(where + step.Text("plaintext"), where + Convert.ToHexStringLower(result.Plaintext ?? []));
        Assert.Equal(isNew ? _oneTime?.Id : null, result.UsedPreKeyId);
        Assert.Equal(isNew ? _kyber?.Id : null, result.Opened?.KyberPreKeyId);
        Assert.Equal(_protocol, result.Next?.Protocol);
        Store(result.Next);
    }

    // Between any two steps the record goes through its stored form, which reads back to the same bytes.
    private SessionRecord? Load() => _record is null ? null : Party.Parse(_record);

    private void Store(SessionRecord? next)
    {
        _record = next?.Serialize() ?? throw new InvalidDataException("Nothing to store.");
        using SessionRecord again = Party.Parse(_record);
        Assert.Equal(_record, again.Serialize());
        Assert.True(_record.Length <= (_protocol == SessionProtocols.X3dh ? 1024 : 8192));
    }

    private static bool Has(JsonElement bundle, string name) =>
        bundle.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String;

    private static PublicKey Key(JsonElement bundle, string name) =>
        PublicKey.TryParse(bundle.Hex(name), out PublicKey? key) ? key : throw new InvalidDataException(name);

    private static SignalAddress Address(JsonElement transcript, string name) => SignalAddress.Aci(Guid.Parse(transcript.Text(name)), 1);

    /// <summary>What our side drew at one step, in that order; each draw says what it is for.</summary>
    private sealed class Draws(JsonElement step)
    {
        private readonly Queue<(string Use, byte[] Bytes)> _left =
            new(step.GetProperty("draws").EnumerateArray().Select(draw => (draw.Text("use"), draw.Hex("hex"))));

        public int Left => _left.Count;

        public byte[] Take(string use)
        {
            (string given, byte[] bytes) = _left.Dequeue();
            Assert.Equal(use, given);
            return bytes;
        }
    }
}

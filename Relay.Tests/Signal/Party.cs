using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Shared.Signal.Wire;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>A device that talks to one peer. Keeps its record as bytes, so that every step goes through storage.</summary>
/// <param name="registrationId">Ours.</param>
/// <param name="opens">What it opens sessions with; from version 4 on it publishes Kyber keys.</param>
internal sealed class Party(uint registrationId, SessionProtocols opens = SessionProtocols.X3dh)
{
    private readonly Dictionary<uint, SignedPreKeyPair> _signed = [];
    private readonly Dictionary<uint, PreKeyPair> _oneTime = [];
    private readonly Dictionary<uint, KyberPreKeyPair> _kyber = [];
    private uint _lastId;

    public IdentityKeyPair Identity { get; private set; } = IdentityKeyPair.Generate();

    public byte[]? Stored { get; set; }

    /// <summary>With what the party reads; it opens with <c>opens</c> alone.</summary>
    public SessionOptions Options { get; set; } = SessionOptions.Default;

    public int OneTimeKeysLeft => _oneTime.Count;

    public static TheoryData<SessionProtocols> Protocols => [SessionProtocols.X3dh, SessionProtocols.Pqxdh, SessionProtocols.PqxdhSpqr];

    public static TheoryData<SessionProtocols, T> ProtocolsAnd<T>(params T[] others)
    {
        var rows = new TheoryData<SessionProtocols, T>();
        foreach (SessionProtocols protocol in new[] { SessionProtocols.X3dh, SessionProtocols.Pqxdh, SessionProtocols.PqxdhSpqr })
        {
            foreach (T other in others)
            {
                rows.Add(protocol, other);
            }
        }

        return rows;
    }

    public static (Party Alice, Party Bob) Pair(SessionProtocols protocol = SessionProtocols.X3dh) =>
        (new Party(1001, protocol), new Party(2002, protocol));

    /// <summary>Two parties who have each read a message of the other.</summary>
    public static (Party Alice, Party Bob) Acquainted(SessionProtocols protocol = SessionProtocols.X3dh)
    {
        (Party alice, Party bob) = Pair(protocol);
        alice.Initiate(bob.Publish());
        Assert.Equal("hello", bob.ReadText(alice.Write("hello")));
        Assert.Equal("hello yourself", alice.ReadText(bob.Write("hello yourself")));
        return (alice, bob);
    }

    public SessionRecord? Record() => Stored is null ? null : Parse(Stored);

    public static SessionRecord Parse(byte[] bytes) =>
        SessionRecord.TryParse(bytes, out SessionRecord? record) ? record : throw new InvalidDataException("Not a record.");

    public void ChangeIdentity() => Identity = IdentityKeyPair.Generate();

    public PreKeyBundle Publish(bool oneTime = true)
    {
        uint id = ++_lastId;
        SignedPreKeyPair signed = _signed[id] = SignedPreKeyPair.Generate(Identity, id);
        PreKeyPair? key = oneTime ? _oneTime[id] = PreKeyPair.Generate(id) : null;
        KyberPreKeyPair? kyber = opens == SessionProtocols.X3dh ? null : _kyber[id] = KyberPreKeyPair.Generate(Identity, id);
        return new PreKeyBundle
        {
            RegistrationId = registrationId,
            DeviceId = 1,
            IdentityKey = Identity.PublicKey,
            SignedPreKeyId = id,
            SignedPreKey = signed.KeyPair.PublicKey,
            SignedPreKeySignature = signed.Signature.ToArray(),
            PreKeyId = key?.Id,
            PreKey = key?.KeyPair.PublicKey,
            KyberPreKeyId = kyber?.Id,
            KyberPreKey = kyber?.KeyPair.PublicKey,
            KyberPreKeySignature = kyber?.Signature.ToArray() ?? default,
        };
    }

    /// <param name="bundle">Of the peer.</param>
    /// <param name="with">Another protocol than usual.</param>
    public void Initiate(PreKeyBundle bundle, SessionProtocols? with = null)
    {
        (SessionOutcome outcome, SessionRecord? next) = SessionCipher.Initiate(
            Record(), Identity, registrationId, bundle, Options with { Policy = new SignalPolicy(with ?? opens) });
        Assert.Equal(SessionOutcome.Success, outcome);
        Store(next);
    }

    public SignalCiphertext Write(string text) => Write(System.Text.Encoding.UTF8.GetBytes(text));

    public SignalCiphertext Write(byte[] plaintext)
    {
        SessionRecord record = Record() ?? throw new InvalidOperationException("No session to write with.");
        (SignalCiphertext message, SessionRecord next) = SessionCipher.Encrypt(record, Identity, plaintext, Options);
        Store(next);
        return message;
    }

    /// <summary>Messages of their own numbers, without storage in between: they're many.</summary>
    public SignalCiphertext[] WriteMany(int count)
    {
        SessionRecord record = Record() ?? throw new InvalidOperationException("No session to write with.");
        var messages = new SignalCiphertext[count];
        for (int i = 0; i < count; i++)
        {
            (messages[i], SessionRecord next) = SessionCipher.Encrypt(record, Identity, System.Text.Encoding.UTF8.GetBytes($"{i}"), Options);
            record.Dispose();
            record = next;
        }

        Store(record);
        return messages;
    }

    /// <summary>Decrypts as a caller does: looks which pre-keys are named, loads them, stores what follows.</summary>
    public DecryptResult Read(SignalCiphertext message)
    {
        DecryptResult result = Try(message);
        if (result.IsSuccess)
        {
            Store(result.Next);
            if (result.UsedPreKeyId is { } used)
            {
                Assert.True(_oneTime.Remove(used));
            }
        }

        return result;
    }

    /// <summary>Decrypts and stores nothing.</summary>
    public DecryptResult Try(SignalCiphertext message)
    {
        SessionRecord? record = Record();
        ResponderPreKeys? preKeys = null;
        if (message.Kind == SignalMessageKind.PreKey
            && PreKeySignalMessage.TryParse(message.Bytes, out PreKeySignalMessage? first)
            && record?.HasSessionFor(first) != true)
        {
            preKeys = PreKeysFor(first);
        }

        DecryptResult result = SessionCipher.Decrypt(record, Identity, registrationId, message, preKeys, Options);
        Assert.Equal(Stored, record?.Serialize());
        return result;
    }

    public string ReadText(SignalCiphertext message)
    {
        DecryptResult result = Read(message);
        Assert.Equal(SessionOutcome.Success, result.Outcome);
        return System.Text.Encoding.UTF8.GetString(result.Plaintext ?? []);
    }

    public ResponderPreKeys? PreKeysFor(PreKeySignalMessage message) =>
        _signed.TryGetValue(message.SignedPreKeyId, out SignedPreKeyPair? signed)
            ? new ResponderPreKeys(signed, message.PreKeyId is { } id ? _oneTime.GetValueOrDefault(id) : null, KyberFor(message))
            : null;

    private KyberPreKeyPair? KyberFor(PreKeySignalMessage message) =>
        message.KyberPreKeyId is { } id ? _kyber.GetValueOrDefault(id) : null;

    private void Store(SessionRecord? next)
    {
        Stored = next?.Serialize();
        next?.Dispose();
    }
}

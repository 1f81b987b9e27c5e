using Relay.Shared.Signal;
using Relay.Shared.Signal.Wire;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>A device that talks to one peer. Keeps its record as bytes, so that every step goes through storage.</summary>
internal sealed class Party(uint registrationId)
{
    private readonly Dictionary<uint, SignedPreKeyPair> _signed = [];
    private readonly Dictionary<uint, PreKeyPair> _oneTime = [];
    private uint _lastId;

    public IdentityKeyPair Identity { get; private set; } = IdentityKeyPair.Generate();

    public byte[]? Stored { get; set; }

    public int OneTimeKeysLeft => _oneTime.Count;

    public static (Party Alice, Party Bob) Pair() => (new Party(1001), new Party(2002));

    /// <summary>Two parties who have each read a message of the other.</summary>
    public static (Party Alice, Party Bob) Acquainted()
    {
        (Party alice, Party bob) = Pair();
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
        };
    }

    public void Initiate(PreKeyBundle bundle)
    {
        (SessionOutcome outcome, SessionRecord? next) = SessionCipher.Initiate(Record(), Identity, registrationId, bundle);
        Assert.Equal(SessionOutcome.Success, outcome);
        Store(next);
    }

    public SignalCiphertext Write(string text) => Write(System.Text.Encoding.UTF8.GetBytes(text));

    public SignalCiphertext Write(byte[] plaintext)
    {
        SessionRecord record = Record() ?? throw new InvalidOperationException("No session to write with.");
        (SignalCiphertext message, SessionRecord next) = SessionCipher.Encrypt(record, Identity, plaintext);
        Store(next);
        return message;
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

        DecryptResult result = SessionCipher.Decrypt(record, Identity, registrationId, message, preKeys);
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
            ? new ResponderPreKeys(signed, message.PreKeyId is { } id ? _oneTime.GetValueOrDefault(id) : null)
            : null;

    private void Store(SessionRecord? next)
    {
        Stored = next?.Serialize();
        next?.Dispose();
    }
}

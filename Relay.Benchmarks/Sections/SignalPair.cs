using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;

namespace Relay.Benchmarks.Sections;

/// <summary>Two devices with a session, both directions used. Each batch returns the time that the measured steps alone took.</summary>
internal sealed class SignalPair : IDisposable
{
    private static readonly TimeProvider Time = TimeProvider.System;

    private readonly IdentityKeyPair _alice = IdentityKeyPair.Generate();
    private readonly IdentityKeyPair _bob = IdentityKeyPair.Generate();
    private readonly SignedPreKeyPair _signed;
    private readonly PreKeyPair _oneTime = PreKeyPair.Generate(7);
    private readonly KyberPreKeyPair? _kyber;
    private readonly SessionOptions _options;
    private readonly PreKeyBundle _bundle;
    private readonly RecordSlot _ofAlice;
    private readonly RecordSlot _ofBob;
    private readonly bool _asBytes;

    /// <param name="protocol">What the sessions are opened with.</param>
    /// <param name="asBytes">Each step ends with the record as the bytes that would be stored, and begins with them.</param>
    internal SignalPair(SessionProtocols protocol, bool asBytes)
    {
        _options = new SessionOptions { Policy = new SignalPolicy(protocol) };
        _kyber = protocol == SessionProtocols.X3dh ? null : KyberPreKeyPair.Generate(_bob, 9);
        _asBytes = asBytes;
        _signed = SignedPreKeyPair.Generate(_bob, 5);
        _bundle = Bundle(_bob, _signed, _oneTime, _kyber);
        (_ofAlice, SignalCiphertext first) = Open("hello"u8);
        _ofBob = Answer(first);
        SendBack("hello"u8);
    }

    /// <summary>Measured so far.</summary>
    internal long Steps { get; private set; }

    /// <summary>Of the larger of the two records.</summary>
    internal int RecordBytes => Math.Max(_ofAlice.Size(), _ofBob.Size());

    internal TimeSpan Encrypt(ReadOnlySpan<byte> plaintext, int count)
    {
        var messages = new SignalCiphertext[count];
        long start = Time.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            messages[i] = Send(plaintext);
        }

        TimeSpan took = Stop(start, count);
        SendBack(plaintext, messages);
        return took;
    }

    internal TimeSpan Decrypt(ReadOnlySpan<byte> plaintext, int count)
    {
        var messages = new SignalCiphertext[count];
        for (int i = 0; i < count; i++)
        {
            messages[i] = Send(plaintext);
        }

        // The first one of a turn is a round trip's; here only the others count.
        Receive(messages[0]);
        long start = Time.GetTimestamp();
        for (int i = 1; i < count; i++)
        {
            Receive(messages[i]);
        }

        TimeSpan took = Stop(start, count - 1);
        SendBack(plaintext);
        return took;
    }

    internal TimeSpan RoundTrip(ReadOnlySpan<byte> plaintext, int count)
    {
        long start = Time.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            Receive(Send(plaintext));
            SendBack(plaintext);
        }

        return Stop(start, count);
    }

    internal TimeSpan Initiate(ReadOnlySpan<byte> plaintext, int count)
    {
        long start = Time.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            Open(plaintext).Record.Dispose();
        }

        return Stop(start, count);
    }

    /// <summary>Makes the keys of a bundle and signs them.</summary>
    internal TimeSpan Publish(int count)
    {
        long start = Time.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            using SignedPreKeyPair signed = SignedPreKeyPair.Generate(_bob, 5);
            using PreKeyPair oneTime = PreKeyPair.Generate(7);
            using KyberPreKeyPair? kyber = _kyber is null ? null : KyberPreKeyPair.Generate(_bob, 9);
            Bundle(_bob, signed, oneTime, kyber);
        }

        return Stop(start, count);
    }

    internal TimeSpan Respond(ReadOnlySpan<byte> plaintext, int count)
    {
        var messages = new SignalCiphertext[count];
        for (int i = 0; i < count; i++)
        {
            (RecordSlot record, messages[i]) = Open(plaintext);
            record.Dispose();
        }

        long start = Time.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            Answer(messages[i]).Dispose();
        }

        return Stop(start, count);
    }

    public void Dispose()
    {
        _ofAlice.Dispose();
        _ofBob.Dispose();
        _signed.Dispose();
        _oneTime.Dispose();
        _kyber?.Dispose();
        _alice.Dispose();
        _bob.Dispose();
    }

    private static PreKeyBundle Bundle(IdentityKeyPair of, SignedPreKeyPair signed, PreKeyPair oneTime, KyberPreKeyPair? kyber) => new()
    {
        RegistrationId = 2,
        DeviceId = 1,
        IdentityKey = of.PublicKey,
        SignedPreKeyId = signed.Id,
        SignedPreKey = signed.KeyPair.PublicKey,
        SignedPreKeySignature = signed.Signature.ToArray(),
        PreKeyId = oneTime.Id,
        PreKey = oneTime.KeyPair.PublicKey,
        KyberPreKeyId = kyber?.Id,
        KyberPreKey = kyber?.KeyPair.PublicKey,
        KyberPreKeySignature = kyber?.Signature.ToArray() ?? default,
    };

    private static SessionRecord Next(DecryptResult result) =>
        result.Next ?? throw new InvalidOperationException($"A message of the benchmark did not decrypt: {result.Outcome}.");

    private TimeSpan Stop(long start, int count)
    {
        Steps += count;
        return Time.GetElapsedTime(start);
    }

    private (RecordSlot Record, SignalCiphertext First) Open(ReadOnlySpan<byte> plaintext)
    {
        SessionRecord fresh = SessionCipher.Initiate(null, _alice, 1, _bundle, _options).Next
            ?? throw new InvalidOperationException("The benchmark's bundle was refused.");
        RecordSlot slot = new(fresh, _asBytes);
        return (slot, Write(slot, _alice, plaintext));
    }

    private RecordSlot Answer(SignalCiphertext first) =>
        new(Next(SessionCipher.Decrypt(null, _bob, 2, first, new ResponderPreKeys(_signed, _oneTime, _kyber), _options)), _asBytes);

    private SignalCiphertext Send(ReadOnlySpan<byte> plaintext) => Write(_ofAlice, _alice, plaintext);

    private void Receive(SignalCiphertext message) => Read(_ofBob, _bob, 2, message);

    /// <summary>Bob reads the last message and answers: the next batch starts in a new turn, with no gap to speak of.</summary>
    private void SendBack(ReadOnlySpan<byte> plaintext, params ReadOnlySpan<SignalCiphertext> unread)
    {
        foreach (SignalCiphertext message in unread)
        {
            Receive(message);
        }

        Read(_ofAlice, _alice, 1, Write(_ofBob, _bob, plaintext));
    }

    private static SignalCiphertext Write(RecordSlot slot, IdentityKeyPair us, ReadOnlySpan<byte> plaintext)
    {
        SessionRecord record = slot.Take();
        (SignalCiphertext message, SessionRecord next) = SessionCipher.Encrypt(record, us, plaintext);
        record.Dispose();
        slot.Put(next);
        return message;
    }

    private static void Read(RecordSlot slot, IdentityKeyPair us, uint registrationId, SignalCiphertext message)
    {
        SessionRecord record = slot.Take();
        SessionRecord next = Next(SessionCipher.Decrypt(record, us, registrationId, message, null));
        record.Dispose();
        slot.Put(next);
    }
}

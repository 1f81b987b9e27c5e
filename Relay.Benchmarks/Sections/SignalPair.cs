using Relay.Shared.Signal;

namespace Relay.Benchmarks.Sections;

/// <summary>Two devices with a session, both directions used. Each batch returns the time that the measured steps alone took.</summary>
internal sealed class SignalPair : IDisposable
{
    private static readonly TimeProvider Time = TimeProvider.System;

    private readonly IdentityKeyPair _alice = IdentityKeyPair.Generate();
    private readonly IdentityKeyPair _bob = IdentityKeyPair.Generate();
    private readonly SignedPreKeyPair _signed;
    private readonly PreKeyPair _oneTime = PreKeyPair.Generate(7);
    private readonly PreKeyBundle _bundle;
    private SessionRecord _ofAlice;
    private SessionRecord _ofBob;

    internal SignalPair()
    {
        _signed = SignedPreKeyPair.Generate(_bob, 5);
        _bundle = new PreKeyBundle
        {
            RegistrationId = 2,
            DeviceId = 1,
            IdentityKey = _bob.PublicKey,
            SignedPreKeyId = _signed.Id,
            SignedPreKey = _signed.KeyPair.PublicKey,
            SignedPreKeySignature = _signed.Signature.ToArray(),
            PreKeyId = _oneTime.Id,
            PreKey = _oneTime.KeyPair.PublicKey,
        };
        (SessionRecord ofAlice, SignalCiphertext first) = Open("hello"u8);
        (_ofAlice, _ofBob) = (ofAlice, Answer(first));
        SendBack("hello"u8);
    }

    /// <summary>Measured so far.</summary>
    internal long Steps { get; private set; }

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

    internal TimeSpan Respond(ReadOnlySpan<byte> plaintext, int count)
    {
        var messages = new SignalCiphertext[count];
        for (int i = 0; i < count; i++)
        {
            (SessionRecord record, messages[i]) = Open(plaintext);
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
        _alice.Dispose();
        _bob.Dispose();
    }

    private static SessionRecord Next(DecryptResult result, SessionRecord? old)
    {
        old?.Dispose();
        return result.Next ?? throw new InvalidOperationException($"A message of the benchmark did not decrypt: {result.Outcome}.");
    }

    private TimeSpan Stop(long start, int count)
    {
        Steps += count;
        return Time.GetElapsedTime(start);
    }

    private (SessionRecord Record, SignalCiphertext First) Open(ReadOnlySpan<byte> plaintext)
    {
        using SessionRecord fresh = SessionCipher.Initiate(null, _alice, 1, _bundle).Next
            ?? throw new InvalidOperationException("The benchmark's bundle was refused.");
        (SignalCiphertext first, SessionRecord next) = SessionCipher.Encrypt(fresh, _alice, plaintext);
        return (next, first);
    }

    private SessionRecord Answer(SignalCiphertext first) =>
        Next(SessionCipher.Decrypt(null, _bob, 2, first, new ResponderPreKeys(_signed, _oneTime)), null);

    private SignalCiphertext Send(ReadOnlySpan<byte> plaintext)
    {
        (SignalCiphertext message, SessionRecord next) = SessionCipher.Encrypt(_ofAlice, _alice, plaintext);
        _ofAlice.Dispose();
        _ofAlice = next;
        return message;
    }

    private void Receive(SignalCiphertext message) => _ofBob = Next(SessionCipher.Decrypt(_ofBob, _bob, 2, message, null), _ofBob);

    /// <summary>Bob reads the last message and answers: the next batch starts in a new turn, with no gap to speak of.</summary>
    private void SendBack(ReadOnlySpan<byte> plaintext, params ReadOnlySpan<SignalCiphertext> unread)
    {
        foreach (SignalCiphertext message in unread)
        {
            Receive(message);
        }

        (SignalCiphertext answer, SessionRecord next) = SessionCipher.Encrypt(_ofBob, _bob, plaintext);
        _ofBob.Dispose();
        _ofBob = next;
        _ofAlice = Next(SessionCipher.Decrypt(_ofAlice, _alice, 1, answer, null), _ofAlice);
    }
}

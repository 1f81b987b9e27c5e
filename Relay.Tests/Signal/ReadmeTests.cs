using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Shared.Signal.Wire;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>What Relay.Shared/Signal/README.md shows, line by line: it compiles and does what it says.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void The_example_runs()
    {
        // Bob makes his keys, and publishes their public halves.
        using var bob = IdentityKeyPair.Generate();
        using var signed = SignedPreKeyPair.Generate(bob, id: 1);
        using var kyber = KyberPreKeyPair.Generate(bob, id: 1);
        using var oneTime = PreKeyPair.Generate(id: 1);
        var bundle = new PreKeyBundle
        {
            RegistrationId = 4711,
            DeviceId = 1,
            IdentityKey = bob.PublicKey,
            SignedPreKeyId = signed.Id,
            SignedPreKey = signed.KeyPair.PublicKey,
            SignedPreKeySignature = signed.Signature.ToArray(),
            KyberPreKeyId = kyber.Id,
            KyberPreKey = kyber.KeyPair.PublicKey,
            KyberPreKeySignature = kyber.Signature.ToArray(),
            PreKeyId = oneTime.Id,
            PreKey = oneTime.KeyPair.PublicKey,
        };

        // Alice opens a session and writes.
        using var alice = IdentityKeyPair.Generate();
        var options = new SessionOptions { Policy = SignalPolicy.Strict };
        (SessionOutcome outcome, SessionRecord? opened) = SessionCipher.Initiate(existing: null, alice, ourRegistrationId: 42, bundle, options);
        Assert.Equal(SessionOutcome.Success, outcome);
        Assert.NotNull(opened);
        (SignalCiphertext message, SessionRecord next) = SessionCipher.Encrypt(opened, alice, "Hello, Bob"u8, options);

        // Bob looks at what a first message names, judges the identity, loads the pre-keys, reads.
        SessionRecord? record = null;
        ResponderPreKeys? preKeys = null;
        if (message.Kind == SignalMessageKind.PreKey && PreKeySignalMessage.TryParse(message.Bytes, out PreKeySignalMessage? first)
            && record?.HasSessionFor(first) != true)
        {
            Assert.Equal((1u, 1u, 1u), (first.SignedPreKeyId, first.PreKeyId, first.KyberPreKeyId));
            preKeys = new ResponderPreKeys(signed, oneTime, kyber);
        }

        DecryptResult read = SessionCipher.Decrypt(record, bob, ourRegistrationId: 4711, message, preKeys, options);
        Assert.True(read.IsSuccess);
        Assert.Equal("Hello, Bob"u8, read.Plaintext);
        Assert.Equal(1u, read.Opened?.OneTimePreKeyId);

        // The record as bytes.
        byte[] stored = next.Serialize();
        Assert.True(SessionRecord.TryParse(stored, out SessionRecord? again));
        Assert.False(again.RetireSending().CanSend);
        Assert.Equal(60, SafetyNumber.Create(alice.PublicKey, "+1"u8, bob.PublicKey, "+2"u8).Digits.Length);
    }
}

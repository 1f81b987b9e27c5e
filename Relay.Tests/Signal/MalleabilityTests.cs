using System.Numerics;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Shared.Signal.Wire;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>No altered message is read, none spoils the genuine one, and no two byte strings parse to the same message.</summary>
public sealed class MalleabilityTests
{
    private const ulong Seed = 20260822;

    public static TheoryData<SessionProtocols> Protocols => Party.Protocols;

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Every_flipped_bit_of_a_message_is_refused(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Acquainted(protocol);
        foreach (string text in new[] { "genuine", "the next one, with another piece of the post-quantum ratchet" })
        {
            SignalCiphertext genuine = alice.Write(text);
            for (int bit = 0; bit < genuine.Bytes.Length * 8; bit++)
            {
                DecryptResult result = bob.Read(Flipped(genuine, bit));
                Assert.False(result.IsSuccess, $"bit {bit}");
                Assert.Null(result.Plaintext);
                Assert.Null(result.Next);
            }

            Assert.Equal(text, bob.ReadText(genuine));
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Every_flip_in_a_first_message_is_refused_but_in_the_hint_that_nothing_covers(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Options = new SessionOptions { Local = SignalAddress.Aci(Guid.NewGuid(), 1), Remote = SignalAddress.Aci(Guid.NewGuid(), 1) };
        bob.Options = new SessionOptions { Local = alice.Options.Remote, Remote = alice.Options.Local };
        alice.Initiate(bob.Publish());
        SignalCiphertext genuine = alice.Write("genuine");

        // registration_id is in no MAC: its tag and two value bytes stand before the signed pre-key id's two, and in version 4
        // before the Kyber pre-key id's two and its ciphertext.
        bool isClassic = protocol == SessionProtocols.X3dh;
        int hint = genuine.Bytes.Length - 5 - (isClassic ? 0 : 2 + 3 + KyberPublicKey.CiphertextBytes);
        Assert.Equal(0x28, genuine.Bytes[hint]);
        int readAnyway = 0;

        // In version 4 one bit of every byte, since each costs a decapsulation.
        for (int bit = 0; bit < genuine.Bytes.Length * 8; bit += isClassic ? 1 : 7)
        {
            DecryptResult result = bob.Try(Flipped(genuine, bit));
            bool inHint = bit / 8 >= hint && bit / 8 < hint + 3;
            Assert.True(!result.IsSuccess || inHint, $"bit {bit}");
            if (result.IsSuccess)
            {
                Assert.Equal("genuine"u8, result.Plaintext);
                Assert.NotEqual(1001u, result.Next.RemoteRegistrationId);
                readAnyway++;
            }
        }

        Assert.InRange(readAnyway, 1, 16);
        Assert.Equal("genuine", bob.ReadText(genuine));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Truncated_and_extended_messages_are_refused(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Initiate(bob.Publish());
        Refuses(bob, alice.Write("genuine"), SignalMessageKind.Message);
        Assert.Equal("answer", alice.ReadText(bob.Write("answer")));
        Refuses(bob, alice.Write("genuine"), SignalMessageKind.PreKey);
    }

    private static void Refuses(Party reader, SignalCiphertext genuine, SignalMessageKind otherKind)
    {
        for (int length = 0; length < genuine.Bytes.Length; length++)
        {
            Assert.False(reader.Read(new SignalCiphertext(genuine.Kind, genuine.Bytes[..length])).IsSuccess);
        }

        Assert.False(reader.Read(new SignalCiphertext(genuine.Kind, [.. genuine.Bytes, 0])).IsSuccess);
        Assert.False(reader.Read(new SignalCiphertext(otherKind, genuine.Bytes)).IsSuccess);
        Assert.False(reader.Read(new SignalCiphertext((SignalMessageKind)9, genuine.Bytes)).IsSuccess);
        Assert.Equal("genuine", reader.ReadText(genuine));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_twin_of_the_base_key_is_refused_although_it_agrees_to_the_same_secret(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Initiate(bob.Publish());
        SignalCiphertext genuine = alice.Write("genuine");
        Assert.True(PreKeySignalMessage.TryParse(genuine.Bytes, out PreKeySignalMessage? parsed));

        // Adding the point of order two turns u into 1/u.
        BigInteger p = BigInteger.Pow(2, 255) - 19;
        byte[] twin = new byte[33];
        twin[0] = 5;
        BigInteger.ModPow(new BigInteger(parsed.BaseKey.U, isUnsigned: true), p - 2, p).TryWriteBytes(twin.AsSpan(1), out _, isUnsigned: true);
        Assert.True(PublicKey.TryParse(twin, out PublicKey? key));
        using var ours = KeyPair.Generate();
        byte[][] secrets = [new byte[32], new byte[32]];
        Assert.True(Curve25519.TryAgree(ours, key, secrets[0]));
        Assert.True(Curve25519.TryAgree(ours, parsed.BaseKey, secrets[1]));
        Assert.Equal(secrets[0], secrets[1]);

        KyberCapsule? kyber = parsed.KyberPreKeyId is { } id ? new KyberCapsule(id, parsed.KyberCiphertext.Span) : null;
        byte[] forged = PreKeySignalMessage.Write(
            parsed.Inner.Bytes.Span, new PendingPreKey(parsed.PreKeyId, parsed.SignedPreKeyId, kyber), key, parsed.IdentityKey, parsed.RegistrationId);
        Assert.Equal(SessionOutcome.BadKey, bob.Read(new SignalCiphertext(SignalMessageKind.PreKey, forged)).Outcome);
        Assert.Equal("genuine", bob.ReadText(genuine));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Whatever_parses_is_written_back_to_the_same_bytes(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Initiate(bob.Publish());
        var random = new SeededRandom(Seed);
        SignalCiphertext first = alice.Write("some text");
        Assert.True(PreKeySignalMessage.TryParse(first.Bytes, out PreKeySignalMessage? parsed));
        byte[] inner = parsed.Inner.Bytes.ToArray();
        int written = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] mutated = Mutated(random, round % 2 == 0 ? first.Bytes : inner);
            if (PreKeySignalMessage.TryParse(mutated, out PreKeySignalMessage? one))
            {
                Assert.Equal(mutated, Reencoding.Of(one));
                written++;
            }

            if (SignalMessage.Parse(mutated, out SignalMessage? two) == SessionOutcome.Success && two is not null)
            {
                Assert.Equal(mutated, Reencoding.Of(two));
                written++;
            }
        }

        Assert.True(written > 1000, $"only {written} parsed");
    }

    [Fact]
    public void Recorded_messages_are_written_back_to_the_same_bytes()
    {
        int messages = 0;
        foreach (string file in VectorFile.Named("v?-*.json"))
        {
            foreach (var step in VectorFile.Read(file).GetProperty("steps").EnumerateArray().Where(step => step.Text("op") == "decrypt"))
            {
                byte[] bytes = step.Hex("message");
                if (step.Text("type") == "prekey")
                {
                    Assert.True(PreKeySignalMessage.TryParse(bytes, out PreKeySignalMessage? one));
                    Assert.Equal(bytes, Reencoding.Of(one));
                }
                else
                {
                    Assert.Equal(SessionOutcome.Success, SignalMessage.Parse(bytes, out SignalMessage? two));
                    Assert.Equal(bytes, two is null ? [] : Reencoding.Of(two));
                }

                messages++;
            }
        }

        Assert.True(messages > 200);
    }

    private static SignalCiphertext Flipped(SignalCiphertext message, int bit)
    {
        byte[] bytes = [.. message.Bytes];
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        return new SignalCiphertext(message.Kind, bytes);
    }

    private static byte[] Mutated(SeededRandom random, byte[] original)
    {
        var bytes = new List<byte>(original);
        for (int changes = random.Below(3); changes >= 0; changes--)
        {
            int at = random.Below(bytes.Count);
            switch (random.Below(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Below(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Below(256);
                    break;
                case 2:
                    bytes.Insert(at, (byte)random.Below(256));
                    break;
                default:
                    bytes.AddRange([(byte)(8 * (9 + random.Below(20))), (byte)random.Below(200)]);
                    break;
            }
        }

        return [.. bytes];
    }
}

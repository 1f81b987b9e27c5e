using System.Security.Cryptography;
using System.Text.Json;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Shared.Signal.Spqr;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>spec/signal.md §4 and kat-v4-steps.json: every intermediate value of a first message with SPQR and its answer.</summary>
public sealed class KnownAnswerV4Tests
{
    private static readonly JsonElement Steps = VectorFile.Read("kat-v4-steps.json");

    private static JsonElement Kyber => Steps.GetProperty("kyber");

    [Theory]
    [InlineData("aliceIdentity")]
    [InlineData("aliceBase")]
    [InlineData("aliceRatchet1")]
    [InlineData("bobIdentity")]
    [InlineData("bobSignedPreKey")]
    [InlineData("bobOneTimePreKey")]
    [InlineData("bobRatchet1")]
    public void Private_keys_give_the_known_public_keys(string name)
    {
        using KeyPair key = Pair(name);
        Assert.Equal(Steps.GetProperty("keys").GetProperty(name).Text("public"), key.PublicKey.ToString());
    }

    [Fact]
    public void Agreements_give_the_known_secrets()
    {
        Agree("dh1", "aliceIdentity", "bobSignedPreKey");
        Agree("dh2", "aliceBase", "bobIdentity");
        Agree("dh3", "aliceBase", "bobSignedPreKey");
        Agree("dh4", "aliceBase", "bobOneTimePreKey");
        Agree("dhRatchet1", "aliceRatchet1", "bobSignedPreKey");

        byte[] derived = new byte[96];
        SignalKdf.PostQuantumAgreement(Steps.Hex("secretInput"), derived);
        Equal(Steps.Text("initialRootKey") + Steps.Text("initialChainKey") + Steps.Text("pqrKey"), derived);
    }

    [Fact]
    public void The_kyber_key_gives_the_known_ciphertext_and_secrets()
    {
        using KyberKeyPair pair = KyberKeyPair.FromDraws(Kyber.Hex("d"), Kyber.Hex("z"));
        Equal(Kyber.Text("publicKeySerialized"), pair.PublicKey.Serialized);

        byte[] expanded = new byte[MlKem.MlKem1024.DecapsulationKeyBytes];
        MlKem.MlKem1024.WriteDecapsulationKey([.. Kyber.Hex("d"), .. Kyber.Hex("z")], expanded);
        Equal(Kyber.Text("secretKeySerialized"), [0x08, .. expanded]);

        byte[] ours = new byte[32];
        byte[] ciphertext = pair.PublicKey.Encapsulate(Kyber.Hex("m"), ours);
        Equal(Kyber.Text("ciphertextSerialized"), ciphertext);
        Equal(Kyber.Text("kyberRound3SharedSecret"), ours);

        byte[] theirs = new byte[32];
        Assert.True(pair.TryDecapsulate(ciphertext, theirs));
        Equal(Kyber.Text("kyberRound3SharedSecret"), theirs);
        Assert.True(MlKem.MlKem1024.TryDecapsulate([.. Kyber.Hex("d"), .. Kyber.Hex("z")], ciphertext.AsSpan(1), theirs));
        Equal(Kyber.Text("mlkemSharedSecret"), theirs);
    }

    [Fact]
    public void Both_sides_derive_the_known_first_secrets()
    {
        using KeyPair aliceIdentity = Pair("aliceIdentity");
        using KeyPair aliceBase = Pair("aliceBase");
        using KeyPair bobIdentity = Pair("bobIdentity");
        using KeyPair bobSigned = Pair("bobSignedPreKey");
        using KeyPair bobOneTime = Pair("bobOneTimePreKey");
        byte[] kyber = Kyber.Hex("kyberRound3SharedSecret");
        string expected = Steps.Text("initialRootKey") + Steps.Text("initialChainKey") + Steps.Text("pqrKey");
        byte[] output = new byte[KeyAgreement.PostQuantumBytes];

        Assert.True(KeyAgreement.TryInitiate(
            aliceIdentity, aliceBase, bobIdentity.PublicKey, bobSigned.PublicKey, bobOneTime.PublicKey, kyber, output));
        Equal(expected, output);
        Assert.True(KeyAgreement.TryRespond(
            bobIdentity, bobSigned, bobOneTime, aliceIdentity.PublicKey, aliceBase.PublicKey, kyber, output));
        Equal(expected, output);
    }

    [Fact]
    public void The_root_key_turns_through_the_known_values()
    {
        using KeyPair aliceRatchet = Pair("aliceRatchet1");
        using KeyPair bobSigned = Pair("bobSignedPreKey");
        using KeyPair bobRatchet = Pair("bobRatchet1");
        using var root = new RootKey(Steps.Hex("initialRootKey"));

        using ChainKey? first = root.Turn(aliceRatchet, bobSigned.PublicKey);
        Equal(Steps.Text("rootKey1"), root.Key);
        Equal(Steps.Text("aliceChainKey0"), Assert.IsType<ChainKey>(first).Key);
        using ChainKey? answer = root.Turn(bobRatchet, aliceRatchet.PublicKey);
        Equal(Steps.Text("rootKey2"), root.Key);
        Equal(Steps.Text("bobChainKey0"), Assert.IsType<ChainKey>(answer).Key);
    }

    [Theory]
    [InlineData("aliceMessage", "aliceChainKey0", "aliceIdentity", "bobIdentity")]
    [InlineData("bobMessage", "bobChainKey0", "bobIdentity", "aliceIdentity")]
    public void A_message_goes_through_the_known_values(string name, string chainKey, string sender, string receiver)
    {
        JsonElement message = Steps.GetProperty(name);
        byte[] wire = message.Hex("signalMessage");
        using var chain = new ChainKey(Steps.Hex(chainKey), 0);
        byte[] seed = new byte[32];
        chain.WriteSeed(seed);
        Equal(message.Text("messageKeySeed"), seed);

        var keys = new MessageKeys(seed, message.Hex("salt"), new byte[MessageKeys.Bytes]);
        Equal(message.Text("cipherKey"), keys.CipherKey);
        Equal(message.Text("macKey"), keys.MacKey);
        Equal(message.Text("iv"), keys.Iv);

        byte[] plaintext = System.Text.Encoding.ASCII.GetBytes(message.Text("plaintext"));
        byte[] ciphertext = new byte[MessageKeys.CiphertextLength(plaintext.Length)];
        keys.Encrypt(plaintext, ciphertext);
        Equal(message.Text("ciphertext"), ciphertext);
        Assert.Equal(plaintext, keys.Decrypt(ciphertext));

        byte[] mac = new byte[32];
        keys.FullMac(Public(sender), Public(receiver), wire.AsSpan(..^8), mac);
        Equal(message.Text("fullMac"), mac);
        Assert.Equal(wire[^8..], mac[..8]);

        chain.Advance();
        Equal(message.Text("nextChainKey"), chain.Key);
    }

    [Fact]
    public void The_signed_pre_key_has_the_known_signature()
    {
        using var bob = IdentityKeyPair.Import(Steps.GetProperty("keys").GetProperty("bobIdentity").Hex("private"));
        using var signed = SignedPreKeyPair.Generate(bob, 22, Pair("bobSignedPreKey"), new byte[64]);
        Equal(Steps.GetProperty("signatures").Text("signedPreKey"), signed.Signature);
    }

    [Fact]
    public void Spqr_gives_the_known_messages_and_keys()
    {
        JsonElement known = Steps.GetProperty("spqr");
        using SpqrState alice = SpqrState.Start(true, Steps.Hex("pqrKey"));
        using SpqrState bob = SpqrState.Start(false, Steps.Hex("pqrKey"));
        byte[] key = new byte[32];

        byte[] first = alice.Send(BraidDraw(), key);
        Equal(known.Text("aliceMessage0"), first);
        Equal(known.Text("aliceKey0"), key);
        Assert.Equal(SpqrOutcome.Success, bob.Receive(first, key));
        Equal(known.Text("aliceKey0"), key);

        byte[] answer = bob.Send(key);
        Equal(known.Text("bobMessage0"), answer);
        Equal(known.Text("bobKey0"), key);
        Assert.Equal(SpqrOutcome.Success, alice.Receive(answer, key));
        Equal(known.Text("bobKey0"), key);
    }

    [Fact]
    public void The_whole_exchange_gives_the_known_messages()
    {
        JsonElement first = Steps.GetProperty("alicePreKeyMessage");
        using var alice = IdentityKeyPair.Import(Steps.GetProperty("keys").GetProperty("aliceIdentity").Hex("private"));
        using var bob = IdentityKeyPair.Import(Steps.GetProperty("keys").GetProperty("bobIdentity").Hex("private"));
        using var signed = SignedPreKeyPair.Generate(bob, first.Number("signedPreKeyId"), Pair("bobSignedPreKey"), new byte[64]);
        using var oneTime = new PreKeyPair(first.Number("preKeyId"), Pair("bobOneTimePreKey"));
        using var kyber = KyberPreKeyPair.Generate(
            bob, first.Number("kyberPreKeyId"), KyberKeyPair.FromDraws(Kyber.Hex("d"), Kyber.Hex("z")), new byte[64]);
        using var draws = new InitiatorDraws(Pair("aliceBase"), Kyber.Hex("m"), Pair("aliceRatchet1"));
        using KeyPair bobRatchet = Pair("bobRatchet1");
        var bundle = new PreKeyBundle
        {
            RegistrationId = 2002,
            DeviceId = 1,
            IdentityKey = bob.PublicKey,
            SignedPreKeyId = signed.Id,
            SignedPreKey = signed.KeyPair.PublicKey,
            SignedPreKeySignature = signed.Signature.ToArray(),
            PreKeyId = oneTime.Id,
            PreKey = oneTime.KeyPair.PublicKey,
            KyberPreKeyId = kyber.Id,
            KyberPreKey = kyber.KeyPair.PublicKey,
            KyberPreKeySignature = kyber.Signature.ToArray(),
        };
        var strict = new SessionOptions { Policy = SignalPolicy.Strict };
        uint registrationId = first.Number("registrationId");

        SessionRecord opened = Assert.IsType<SessionRecord>(
            SessionCipher.Initiate(null, alice, registrationId, bundle, strict, draws).Next);
        (SignalCiphertext message, SessionRecord aliceRecord) =
            SessionCipher.Encrypt(opened, alice, "hello from alice"u8, strict, BraidDraw());
        Equal(first.Text("bytes"), message.Bytes);
        Equal(Steps.GetProperty("aliceMessage").Text("signalMessage"), Forgery.Inner(message).Bytes.Span);

        DecryptResult read = SessionCipher.Decrypt(
            null, bob, 2002, message, new ResponderPreKeys(signed, oneTime, kyber), strict, bobRatchet);
        Assert.True(read.IsSuccess);
        Assert.Equal("hello from alice"u8, read.Plaintext);
        Assert.Equal(kyber.Id, read.Opened?.KyberPreKeyId);

        (SignalCiphertext answer, _) = SessionCipher.Encrypt(read.Next, bob, "hello from bob"u8, strict);
        Equal(Steps.GetProperty("bobMessage").Text("signalMessage"), answer.Bytes);
        DecryptResult done = SessionCipher.Decrypt(aliceRecord, alice, registrationId, answer, null, strict);
        Assert.True(done.IsSuccess);
        Assert.Equal("hello from bob"u8, done.Plaintext);
        Assert.False(done.Next.HasUnacknowledgedPreKey);
    }

    // d and z of the first ML-KEM-768 key: SHA-256 of the labels that the vector's note names.
    private static byte[] BraidDraw() => [.. SHA256.HashData("braid d"u8), .. SHA256.HashData("braid z"u8)];

    private static void Agree(string expected, string ours, string theirs)
    {
        using KeyPair key = Pair(ours);
        byte[] shared = new byte[32];
        Assert.True(Curve25519.TryAgree(key, Public(theirs), shared));
        Equal(Steps.Text(expected), shared);
    }

    private static KeyPair Pair(string name) => KeyPair.Import(Steps.GetProperty("keys").GetProperty(name).Hex("private"));

    private static PublicKey Public(string name) =>
        PublicKey.TryParse(Steps.GetProperty("keys").GetProperty(name).Hex("public"), out PublicKey? key) ? key : throw new InvalidDataException(name);

    private static void Equal(string hex, ReadOnlySpan<byte> actual) => Assert.Equal(hex, Convert.ToHexStringLower(actual));
}

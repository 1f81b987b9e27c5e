using System.Text.Json;
using Relay.Shared.Signal;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>spec/signal.md §3.3 and kat-v3-steps.json: every intermediate value of a first message and its answer.</summary>
public sealed class KnownAnswerTests
{
    private static readonly JsonElement Steps = VectorFile.Read("kat-v3-steps.json");

    [Fact]
    public void A_chain_key_gives_the_known_message_keys_and_successor()
    {
        using var chain = new ChainKey(Convert.FromHexString("8ab72d6f4cc5ac0d387eaf463378ddb28edd07385b1cb01250c715982e7ad48f"), 0);
        Span<byte> seed = stackalloc byte[32];
        chain.WriteSeed(seed);
        var keys = new MessageKeys(seed, default, new byte[MessageKeys.Bytes]);
        chain.Advance();

        Equal("bf51e9d75e0e31031051f82a2491ffc084fa298b7793bd9db620056febf45217", keys.CipherKey);
        Equal("c6c77d6a73a354337a56435e34607dfe48e3ace14e77314dc6abc172e7a7030b", keys.MacKey);
        Equal("28e8f8fee54b801eef7c5cfb2f17f32c7b334485bbb70fac6ec10342a246d15d", chain.Key);
        Assert.Equal(1u, chain.Index);
    }

    [Fact]
    public void X3dh_as_responder_without_one_time_key_gives_the_known_chain_key()
    {
        using var signed = KeyPair.Import(Convert.FromHexString("583900131fb727998b7803fe6ac22cc591f342e4e42a8c8d5d78194209b8d253"));
        using var identity = KeyPair.Import(Convert.FromHexString("4875cc69ddf8ea0719ec947d61081135868d5fd801f02c0225e516df2156605e"));
        byte[] output = new byte[KeyAgreement.ClassicBytes];

        Assert.True(KeyAgreement.TryRespond(
            identity,
            signed,
            null,
            FromU("b4a8455660ada65b401007f615e654041746432e3339c6875149bceefcb42b4a"),
            FromU("472d1fb1a9862c3af6beaca8920277e2b26f4a79213ec7c906aeb35e03cf8950"),
            kyberSecret: [],
            output));

        Equal("9797caca53c989bbe229a40ca7727010eb2604fc14945d77958a0aeda088b44d", output.AsSpan(32));
    }

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
        JsonElement pair = Steps.GetProperty("keys").GetProperty(name);
        using var key = KeyPair.Import(pair.Hex("private"));
        byte[] exported = new byte[32];
        key.ExportPrivate(exported);

        Assert.Equal(pair.Text("public"), key.PublicKey.ToString());
        Assert.Equal(pair.Hex("private"), exported);
    }

    [Fact]
    public void Agreements_give_the_known_secrets()
    {
        Agree("dh1", "aliceIdentity", "bobSignedPreKey");
        Agree("dh2", "aliceBase", "bobIdentity");
        Agree("dh3", "aliceBase", "bobSignedPreKey");
        Agree("dh4", "aliceBase", "bobOneTimePreKey");
        Agree("dhRatchet1", "aliceRatchet1", "bobSignedPreKey");

        byte[] derived = new byte[64];
        SignalKdf.Agreement(Steps.Hex("secretInput"), derived);
        Equal(Steps.Text("initialRootKey"), derived.AsSpan(..32));
        Equal(Steps.Text("initialChainKey"), derived.AsSpan(32..));
    }

    [Fact]
    public void Both_sides_derive_the_known_first_secret()
    {
        using KeyPair aliceIdentity = Pair("aliceIdentity");
        using KeyPair aliceBase = Pair("aliceBase");
        using KeyPair bobIdentity = Pair("bobIdentity");
        using KeyPair bobSigned = Pair("bobSignedPreKey");
        using KeyPair bobOneTime = Pair("bobOneTimePreKey");
        string expected = Steps.Text("initialRootKey") + Steps.Text("initialChainKey");
        byte[] output = new byte[64];

        Assert.True(KeyAgreement.TryInitiate(
            aliceIdentity, aliceBase, bobIdentity.PublicKey, bobSigned.PublicKey, bobOneTime.PublicKey, [], output));
        Equal(expected, output);
        Assert.True(KeyAgreement.TryRespond(
            bobIdentity, bobSigned, bobOneTime, aliceIdentity.PublicKey, aliceBase.PublicKey, [], output));
        Equal(expected, output);
    }

    [Fact]
    public void The_root_key_turns_through_the_known_values()
    {
        using KeyPair aliceRatchet = Pair("aliceRatchet1");
        using KeyPair bobSigned = Pair("bobSignedPreKey");
        using KeyPair bobRatchet = Pair("bobRatchet1");
        using var alice = new RootKey(Steps.Hex("initialRootKey"));
        using var bob = new RootKey(Steps.Hex("initialRootKey"));

        using ChainKey? sending = alice.Turn(aliceRatchet, bobSigned.PublicKey);
        using ChainKey? receiving = bob.Turn(bobSigned, aliceRatchet.PublicKey);
        Equal(Steps.Text("rootKey1"), alice.Key);
        Equal(Steps.Text("rootKey1"), bob.Key);
        Equal(Steps.Text("aliceChainKey0"), Assert.IsType<ChainKey>(sending).Key);
        Equal(Steps.Text("aliceChainKey0"), Assert.IsType<ChainKey>(receiving).Key);

        using ChainKey? answer = bob.Turn(bobRatchet, aliceRatchet.PublicKey);
        Equal(Steps.Text("rootKey2"), bob.Key);
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

        var keys = new MessageKeys(seed, default, new byte[MessageKeys.Bytes]);
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
    public void The_whole_exchange_gives_the_known_messages()
    {
        JsonElement first = Steps.GetProperty("alicePreKeyMessage");
        using var alice = IdentityKeyPair.Import(Steps.GetProperty("keys").GetProperty("aliceIdentity").Hex("private"));
        using var bob = IdentityKeyPair.Import(Steps.GetProperty("keys").GetProperty("bobIdentity").Hex("private"));
        using var signed = SignedPreKeyPair.Generate(bob, first.Number("signedPreKeyId"), Pair("bobSignedPreKey"), new byte[64]);
        using var oneTime = new PreKeyPair(first.Number("preKeyId"), Pair("bobOneTimePreKey"));
        using var draws = new InitiatorDraws(Pair("aliceBase"), [], Pair("aliceRatchet1"));
        using KeyPair bobRatchet = Pair("bobRatchet1");
        Equal(Steps.GetProperty("signatures").Text("signedPreKey"), signed.Signature);
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
        };
        uint registrationId = first.Number("registrationId");

        SessionRecord opened = Assert.IsType<SessionRecord>(
            SessionCipher.Initiate(null, alice, registrationId, bundle, null, draws).Next);
        (SignalCiphertext message, SessionRecord aliceRecord) = SessionCipher.Encrypt(opened, alice, "hello from alice"u8);
        Equal(first.Text("bytes"), message.Bytes);
        Assert.Equal(SignalMessageKind.PreKey, message.Kind);
        Assert.True(aliceRecord.HasUnacknowledgedPreKey);

        DecryptResult read = SessionCipher.Decrypt(null, bob, 2002, message, new ResponderPreKeys(signed, oneTime), null, bobRatchet);
        Assert.True(read.IsSuccess);
        Assert.Equal("hello from alice"u8, read.Plaintext);
        Assert.Equal(oneTime.Id, read.UsedPreKeyId);
        Assert.Equal(alice.PublicKey, read.Next.RemoteIdentity);
        Assert.Equal(registrationId, read.Next.RemoteRegistrationId);

        (SignalCiphertext answer, _) = SessionCipher.Encrypt(read.Next, bob, "hello from bob"u8);
        Equal(Steps.GetProperty("bobMessage").Text("signalMessage"), answer.Bytes);

        DecryptResult done = SessionCipher.Decrypt(aliceRecord, alice, registrationId, answer, null);
        Assert.True(done.IsSuccess);
        Assert.Equal("hello from bob"u8, done.Plaintext);
        Assert.False(done.Next.HasUnacknowledgedPreKey);
    }

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

    private static PublicKey FromU(string hex) =>
        PublicKey.TryParse([0x05, .. Convert.FromHexString(hex)], out PublicKey? key) ? key : throw new InvalidDataException(hex);

    private static void Equal(string hex, ReadOnlySpan<byte> actual) => Assert.Equal(hex, Convert.ToHexStringLower(actual));
}

using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>spec/signal.md §4: the Kyber part of a bundle, and the pre-keys that a first message used up.</summary>
public sealed class KyberBundleTests
{
    [Fact]
    public void Every_bit_of_the_kyber_signature_counts()
    {
        (Party alice, Party bob) = Party.Pair(SessionProtocols.PqxdhSpqr);
        PreKeyBundle bundle = bob.Publish();
        for (int bit = 0; bit < SignalLimits.SignatureBytes * 8; bit++)
        {
            byte[] flipped = bundle.KyberPreKeySignature.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(SessionOutcome.BadSignature, Open(alice, bundle with { KyberPreKeySignature = flipped }));
        }

        Assert.Equal(SessionOutcome.BadSignature, Open(alice, bundle with { KyberPreKeySignature = default }));
        Assert.Equal(SessionOutcome.BadSignature, Open(alice, bundle with { KyberPreKeySignature = bundle.SignedPreKeySignature }));
        Assert.Equal(SessionOutcome.Success, Open(alice, bundle));
    }

    [Fact]
    public void Another_kyber_key_than_the_signed_one_is_refused()
    {
        (Party alice, Party bob) = Party.Pair(SessionProtocols.PqxdhSpqr);
        PreKeyBundle bundle = bob.Publish();
        using var other = KyberKeyPair.Generate();
        Assert.Equal(SessionOutcome.BadSignature, Open(alice, bundle with { KyberPreKey = other.PublicKey }));

        // One altered byte that still is a key: the low bits of the first coefficient.
        byte[] altered = bundle.KyberPreKey?.ToBytes() ?? [];
        altered[1] ^= 1;
        if (KyberPublicKey.TryParse(altered, out KyberPublicKey? key))
        {
            Assert.Equal(SessionOutcome.BadSignature, Open(alice, bundle with { KyberPreKey = key }));
        }
    }

    [Fact]
    public void A_bad_kyber_signature_is_refused_even_where_version_3_would_be_opened()
    {
        (Party alice, Party bob) = Party.Pair(SessionProtocols.PqxdhSpqr);
        PreKeyBundle bundle = bob.Publish() with { KyberPreKeySignature = new byte[64] };
        Assert.Equal(SessionOutcome.BadSignature, SessionCipher.Initiate(
            null, alice.Identity, 1, bundle, new SessionOptions { Policy = new SignalPolicy(SessionProtocols.X3dh) }).Outcome);
    }

    [Fact]
    public void A_kyber_key_without_id_or_an_id_without_key_is_malformed()
    {
        (Party alice, Party bob) = Party.Pair(SessionProtocols.PqxdhSpqr);
        PreKeyBundle bundle = bob.Publish();
        Assert.Equal(SessionOutcome.Malformed, Open(alice, bundle with { KyberPreKey = null }));
        Assert.Equal(SessionOutcome.Malformed, Open(alice, bundle with { KyberPreKeyId = null }));
    }

    [Theory]
    [InlineData(0, 0x0A)]
    [InlineData(0, 0x05)]
    [InlineData(2, 0xFF)]
    public void A_key_of_another_type_or_beyond_the_modulus_is_no_key(int at, byte value)
    {
        using var pair = KyberKeyPair.Generate();
        byte[] changed = pair.PublicKey.ToBytes();
        changed[at] = value;
        if (at == 2)
        {
            changed[1] = 0xFF;
        }

        Assert.False(KyberPublicKey.TryParse(changed, out _));
        Assert.False(KyberPublicKey.TryParse(changed.AsSpan(1), out _));
        Assert.False(KyberPublicKey.TryParse([.. pair.PublicKey.Serialized, 0], out _));
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    [InlineData("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    public void Low_order_curve_keys_are_refused_although_kyber_would_still_protect(string u)
    {
        (Party alice, Party bob) = Party.Pair(SessionProtocols.PqxdhSpqr);
        PreKeyBundle bundle = bob.Publish();
        Assert.True(PublicKey.TryParse([0x05, .. Convert.FromHexString(u)], out PublicKey? low));
        Assert.Equal(SessionOutcome.BadKey, Open(alice, bundle with { PreKey = low }));
        Assert.Equal(
            SessionOutcome.BadKey,
            Open(alice, bundle with { SignedPreKey = low, SignedPreKeySignature = bob.Identity.Sign(low.Serialized) }));
    }

    [Fact]
    public void A_first_message_tells_what_it_used_and_a_repeat_uses_nothing()
    {
        (Party alice, Party bob) = Party.Pair(SessionProtocols.PqxdhSpqr);
        alice.Initiate(bob.Publish());
        SignalCiphertext[] early = [alice.Write("0"), alice.Write("1")];
        PreKeyUse? used = bob.Read(early[0]).Opened;
        Assert.Equal(new PreKeyUse { OneTimePreKeyId = 1, SignedPreKeyId = 1, KyberPreKeyId = 1, BaseKey = Forgery.First(early[0]).BaseKey }, used);

        DecryptResult again = bob.Read(early[1]);
        Assert.True(again.IsSuccess);
        Assert.Null(again.Opened);
        Assert.Null(again.UsedPreKeyId);
    }

    [Fact]
    public void An_exact_repeat_after_the_record_was_lost_shows_by_what_it_used()
    {
        (Party alice, Party bob) = Party.Pair(SessionProtocols.PqxdhSpqr);
        alice.Initiate(bob.Publish(oneTime: false));
        SignalCiphertext first = alice.Write("x");
        DecryptResult one = bob.Read(first);
        bob.Stored = null;
        DecryptResult two = bob.Read(first);

        // Only the caller can know that the last-resort key was used so before: by this triple.
        Assert.True(two.IsSuccess);
        Assert.Equal(one.Opened, two.Opened);
        alice.Stored = null;
        alice.Initiate(bob.Publish(oneTime: false));
        Assert.NotEqual(one.Opened, bob.Read(alice.Write("x")).Opened);
    }

    [Fact]
    public void One_kyber_key_serves_several_initiators()
    {
        (Party alice, Party bob) = Party.Pair(SessionProtocols.PqxdhSpqr);
        Party carol = new(3003, SessionProtocols.PqxdhSpqr);
        PreKeyBundle bundle = bob.Publish(oneTime: false);
        alice.Initiate(bundle);
        carol.Initiate(bundle);
        Assert.Equal("a", bob.ReadText(alice.Write("a")));
        bob.Stored = null;
        Assert.Equal("c", bob.ReadText(carol.Write("c")));
    }

    private static SessionOutcome Open(Party party, PreKeyBundle bundle)
    {
        (SessionOutcome outcome, SessionRecord? record) = SessionCipher.Initiate(null, party.Identity, 1, bundle);
        Assert.Equal(outcome == SessionOutcome.Success, record is not null);
        return outcome;
    }
}

using Relay.Shared.Signal;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>spec/signal.md §3.6: what an initiator accepts from a directory.</summary>
public sealed class BundleTests
{
    [Fact]
    public void Every_bit_of_the_signature_and_the_signed_key_counts()
    {
        (Party alice, Party bob) = Party.Pair();
        PreKeyBundle bundle = bob.Publish();
        byte[] signature = bundle.SignedPreKeySignature.ToArray();
        for (int bit = 0; bit < signature.Length * 8; bit++)
        {
            Assert.Equal(SessionOutcome.BadSignature, Open(alice, bundle with { SignedPreKeySignature = Flipped(signature, bit) }));
        }

        using var other = KeyPair.Generate();
        Assert.Equal(SessionOutcome.BadSignature, Open(alice, bundle with { SignedPreKey = other.PublicKey }));
        Assert.Equal(SessionOutcome.BadSignature, Open(alice, bundle with { IdentityKey = other.PublicKey }));
        Assert.Equal(SessionOutcome.BadSignature, Open(alice, bundle with { SignedPreKeySignature = default }));
        Assert.Equal(SessionOutcome.Success, Open(alice, bundle));
    }

    [Fact]
    public void A_one_time_key_without_id_or_an_id_without_key_is_malformed()
    {
        (Party alice, Party bob) = Party.Pair();
        PreKeyBundle bundle = bob.Publish();
        Assert.Equal(SessionOutcome.Malformed, Open(alice, bundle with { PreKey = null }));
        Assert.Equal(SessionOutcome.Malformed, Open(alice, bundle with { PreKeyId = null }));
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    [InlineData("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    public void Low_order_keys_are_refused_even_when_signed(string u)
    {
        (Party alice, Party bob) = Party.Pair();
        PreKeyBundle bundle = bob.Publish();
        Assert.True(PublicKey.TryParse([0x05, .. Convert.FromHexString(u)], out PublicKey? low));

        Assert.Equal(SessionOutcome.BadKey, Open(alice, bundle with { PreKey = low }));
        Assert.Equal(
            SessionOutcome.BadKey,
            Open(alice, bundle with { SignedPreKey = low, SignedPreKeySignature = bob.Identity.Sign(low.Serialized) }));
    }

    [Fact]
    public void A_one_time_key_with_id_zero_is_left_aside()
    {
        (Party alice, Party bob) = Party.Pair();
        alice.Initiate(bob.Publish() with { PreKeyId = 0 });
        DecryptResult read = bob.Read(alice.Write("x"));
        Assert.Equal(SessionOutcome.Success, read.Outcome);
        Assert.Null(read.UsedPreKeyId);
    }

    private static SessionOutcome Open(Party party, PreKeyBundle bundle)
    {
        (SessionOutcome outcome, SessionRecord? record) = SessionCipher.Initiate(null, party.Identity, 1, bundle);
        Assert.Equal(outcome == SessionOutcome.Success, record is not null);
        return outcome;
    }

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        byte[] flipped = [.. bytes];
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }
}

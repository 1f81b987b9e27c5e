using Relay.Shared.Signal;
using Xunit;

namespace Relay.Tests.Signal.Rfc;

/// <summary>RFC 7748 sections 5.2 and 6.1, and the keys that must not be agreed with.</summary>
public sealed class X25519Tests
{
    /// <summary>u-coordinates of order 1, 2, 4 and 8, canonical and not.</summary>
    public static TheoryData<string> LowOrder =>
    [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];

    [Theory]
    [InlineData(
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")]
    [InlineData(
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
        "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957")]
    public void Multiplication_gives_the_published_answers(string scalar, string u, string product)
    {
        byte[] result = new byte[32];
        Assert.Equal(0, Sodium.ScalarMult(result, Convert.FromHexString(scalar), Convert.FromHexString(u)));
        Assert.Equal(product, Convert.ToHexStringLower(result));
    }

    [Fact]
    public void A_thousand_rounds_give_the_published_answer()
    {
        byte[] k = [9, .. new byte[31]];
        byte[] u = [.. k];
        for (int round = 1; round <= 1000; round++)
        {
            byte[] next = new byte[32];
            Assert.Equal(0, Sodium.ScalarMult(next, k, u));
            (u, k) = (k, next);
            if (round == 1)
            {
                Assert.Equal("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079", Convert.ToHexStringLower(k));
            }
        }

        Assert.Equal("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51", Convert.ToHexStringLower(k));
    }

    [Fact]
    public void Alice_and_bob_agree_as_published()
    {
        using var alice = KeyPair.Import(Convert.FromHexString("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
        using var bob = KeyPair.Import(Convert.FromHexString("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
        byte[] ours = new byte[32];
        byte[] theirs = new byte[32];

        Assert.Equal("058520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a", alice.PublicKey.ToString());
        Assert.Equal("05de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f", bob.PublicKey.ToString());
        Assert.True(Curve25519.TryAgree(alice, bob.PublicKey, ours));
        Assert.True(Curve25519.TryAgree(bob, alice.PublicKey, theirs));
        Assert.Equal("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742", Convert.ToHexStringLower(ours));
        Assert.Equal(ours, theirs);
    }

    [Theory]
    [MemberData(nameof(LowOrder))]
    public void Low_order_keys_are_refused_everywhere(string u)
    {
        if (!PublicKey.TryParse([0x05, .. Convert.FromHexString(u)], out PublicKey? key))
        {
            return;
        }

        using var ours = KeyPair.Generate();
        Assert.False(Curve25519.TryAgree(ours, key, new byte[32]));
        Assert.False(Curve25519.IsTorsionFree(key));
    }

    [Fact]
    public void Honest_keys_are_torsion_free()
    {
        for (int i = 0; i < 100; i++)
        {
            using var key = KeyPair.Generate();
            Assert.True(Curve25519.IsTorsionFree(key.PublicKey));
        }
    }
}

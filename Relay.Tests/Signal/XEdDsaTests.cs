using System.Numerics;
using Relay.Shared.Signal;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>spec/signal.md §3.2: known answers, and what must not verify.</summary>
public sealed class XEdDsaTests
{
    private static readonly byte[] Message = Convert.FromHexString("05edce9d9c415ca78cb7252e72c2c4a554d3eb29485a0e1d503118d1a82d99fb4a");

    private static readonly byte[] Signature = Convert.FromHexString(
        "5de88ca9a89b4a115da79109c67c9c7464a3e4180274f1cb8c63c2984e286dfb"
        + "ede82deb9dcd9fae0bfbb821569b3d9001bd8130cd11d486cef047bd60b86e88");

    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;

    private static PublicKey Signer => FromU("ab7e717d4a163b7d9a1d8071dfe9dcf8cdcd1cea3339b6356be84d887e322c64");

    [Fact]
    public void Signing_with_a_fixed_nonce_gives_the_deployed_answer()
    {
        byte[] draw = new byte[32];
        draw[8] = 189;
        using var key = KeyPair.FromDraw(draw);

        byte[] signature = XEdDsa.Sign(key, new byte[200], new byte[64]);

        Assert.Equal(
            "cf873d0379ac20e8893e5567ee0f8951f8db840d26b243b463526689d01ca718"
            + "ac189fb1678574ebdde569330659448b0bd6c1973f7d780ab39518626803d782",
            Convert.ToHexStringLower(signature));
        Assert.True(XEdDsa.Verify(key.PublicKey, new byte[200], signature));
    }

    [Fact]
    public void The_published_variant_verifies_too()
    {
        byte[] draw = new byte[32];
        draw[8] = 189;
        using var key = KeyPair.FromDraw(draw);
        byte[] signature = Convert.FromHexString(
            "11c7f3e6c4df9e8a5150e1db3b30f92de3a3b3aa438656545fa7390f4bcc7bb2"
            + "6c431d9e90643e4f0eaa0e9c557766fa69ada576d63dcaf2ac326c11d0b97702");

        Assert.True(XEdDsa.Verify(key.PublicKey, new byte[200], signature));
    }

    [Fact]
    public void The_recorded_signature_verifies() => Assert.True(XEdDsa.Verify(Signer, Message, Signature));

    [Fact]
    public void A_flip_in_any_byte_of_the_signature_is_refused()
    {
        for (int i = 0; i < 64; i++)
        {
            byte[] flipped = [.. Signature];
            flipped[i] ^= 1;
            Assert.False(XEdDsa.Verify(Signer, Message, flipped), $"byte {i}");
        }
    }

    [Fact]
    public void Every_bit_of_signature_and_message_counts()
    {
        using var key = KeyPair.Generate();
        byte[] message = [.. Message];
        byte[] signature = XEdDsa.Sign(key, message);
        foreach (byte[] part in new[] { message, signature })
        {
            for (int bit = 0; bit < part.Length * 8; bit++)
            {
                part[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(XEdDsa.Verify(key.PublicKey, message, signature), $"bit {bit}");
                part[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.True(XEdDsa.Verify(key.PublicKey, message, signature));
    }

    [Fact]
    public void Fresh_signatures_verify_for_their_key_and_message_only()
    {
        using var other = KeyPair.Generate();
        for (int length = 0; length < 64; length++)
        {
            using var key = KeyPair.Generate();
            byte[] message = new byte[length];
            byte[] signature = XEdDsa.Sign(key, message);
            Assert.True(XEdDsa.Verify(key.PublicKey, message, signature));
            Assert.False(XEdDsa.Verify(other.PublicKey, message, signature));
            Assert.False(XEdDsa.Verify(key.PublicKey, new byte[length + 1], signature));
            Assert.NotEqual(signature, XEdDsa.Sign(key, message));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(65)]
    public void A_signature_of_another_length_is_refused(int length) => Assert.False(XEdDsa.Verify(Signer, Message, new byte[length]));

    [Fact]
    public void A_scalar_that_is_not_reduced_is_refused()
    {
        BigInteger order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", null);
        BigInteger s = new BigInteger(Signature.AsSpan(32, 32), isUnsigned: true) & (BigInteger.Pow(2, 255) - 1);
        byte[] larger = [.. Signature];
        ToBytes(s + order).CopyTo(larger, 32);
        larger[63] |= (byte)(Signature[63] & 0x80);

        Assert.False(XEdDsa.Verify(Signer, Message, larger));
    }

    [Fact]
    public void The_key_without_an_edwards_point_is_refused() =>
        Assert.False(XEdDsa.Verify(FromU(Convert.ToHexString(ToBytes(P - 1))), Message, Signature));

    [Fact]
    public void Conversion_agrees_with_plain_arithmetic()
    {
        const ulong Seed = 25519;
        var random = new SeededRandom(Seed);
        IEnumerable<BigInteger> edges = [0, 1, 2, 19, P - 2, P - 3, (P - 1) / 2, BigInteger.Pow(2, 51), BigInteger.Pow(2, 254), BigInteger.Pow(2, 255) - 20 - BigInteger.Pow(2, 200)];
        IEnumerable<BigInteger> drawn = Enumerable.Range(0, 300).Select(_ => new BigInteger(random.Bytes(32), isUnsigned: true) % P);
        foreach (BigInteger u in edges.Concat(drawn))
        {
            byte[] y = new byte[32];
            BigInteger expected = (u - 1 + P) * BigInteger.ModPow(u + 1, P - 2, P) % P;
            Assert.True(MontgomeryToEdwards.TryConvert(ToBytes(u), y));
            Assert.Equal(ToBytes(expected), y);
        }
    }

    private static byte[] ToBytes(BigInteger value)
    {
        byte[] bytes = new byte[32];
        Assert.True(value.TryWriteBytes(bytes, out _, isUnsigned: true));
        return bytes;
    }

    private static PublicKey FromU(string hex) =>
        PublicKey.TryParse([0x05, .. Convert.FromHexString(hex)], out PublicKey? key) ? key : throw new InvalidDataException(hex);
}

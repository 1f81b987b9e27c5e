using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Signal;
using Xunit;

namespace Relay.Tests.Signal.Rfc;

/// <summary>RFC 5869 appendix A and RFC 4231 section 4, as far as SHA-256 is used.</summary>
public sealed class HashTests
{
    private static readonly byte[] TwentyTwo = [.. Enumerable.Repeat((byte)0x0b, 22)];

    [Fact]
    public void Hkdf_gives_the_answer_of_case_1() => Check(
        TwentyTwo,
        Convert.FromHexString("000102030405060708090a0b0c"),
        Convert.FromHexString("f0f1f2f3f4f5f6f7f8f9"),
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");

    [Fact]
    public void Hkdf_gives_the_answer_of_case_2() => Check(
        Sequence(0x00, 80),
        Sequence(0x60, 80),
        Sequence(0xb0, 80),
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
        + "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");

    [Fact]
    public void Hkdf_gives_the_answer_of_case_3_without_salt() => Check(
        TwentyTwo,
        [],
        [],
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");

    [Fact]
    public void No_salt_is_32_zero_bytes()
    {
        byte[] without = new byte[80];
        byte[] zeros = new byte[80];
        SignalKdf.Derive(TwentyTwo, default, "info"u8, without);
        SignalKdf.Derive(TwentyTwo, new byte[32], "info"u8, zeros);
        Assert.Equal(zeros, without);
    }

    [Theory]
    [InlineData("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")]
    [InlineData("4a656665", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")]
    public void Hmac_gives_the_published_answers(string key, string data, string mac) =>
        Assert.Equal(mac, Convert.ToHexStringLower(HMACSHA256.HashData(Convert.FromHexString(key), Encoding.ASCII.GetBytes(data))));

    private static byte[] Sequence(int first, int count) => [.. Enumerable.Range(first, count).Select(value => (byte)value)];

    private static void Check(byte[] input, byte[] salt, byte[] info, string expected)
    {
        byte[] output = new byte[expected.Length / 2];
        SignalKdf.Derive(input, salt, info, output);
        Assert.Equal(expected, Convert.ToHexStringLower(output));
    }
}

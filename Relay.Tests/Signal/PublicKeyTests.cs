using Relay.Shared.Signal;
using Xunit;

namespace Relay.Tests.Signal;

public sealed class PublicKeyTests
{
    private const string Valid = "05d26e55a89604c35812a4578b547faed8e6a96f7d8791c9870bad727c9aadb971";

    [Fact]
    public void A_key_parses_and_gives_the_same_bytes_back()
    {
        byte[] bytes = Convert.FromHexString(Valid);
        Assert.True(PublicKey.TryParse(bytes, out PublicKey? key));
        Assert.Equal(bytes, key.ToBytes());
        Assert.Equal(bytes, key.Serialized);
        Assert.Equal(Valid, key.ToString());
    }

    [Fact]
    public void Keys_are_equal_by_value()
    {
        Assert.True(PublicKey.TryParse(Convert.FromHexString(Valid), out PublicKey? one));
        Assert.True(PublicKey.TryParse(Convert.FromHexString(Valid), out PublicKey? two));
        using var other = KeyPair.Generate();
        Assert.Equal(one, two);
        Assert.Equal(one.GetHashCode(), two.GetHashCode());
        Assert.NotEqual(one, other.PublicKey);
    }

    [Theory]
    [InlineData("")]
    [InlineData("05")]
    [InlineData("d26e55a89604c35812a4578b547faed8e6a96f7d8791c9870bad727c9aadb971")]
    [InlineData("04d26e55a89604c35812a4578b547faed8e6a96f7d8791c9870bad727c9aadb971")]
    [InlineData("05d26e55a89604c35812a4578b547faed8e6a96f7d8791c9870bad727c9aadb97100")]
    public void Other_types_and_lengths_are_refused(string hex) =>
        Assert.False(PublicKey.TryParse(Convert.FromHexString(hex), out _));

    [Theory]
    [InlineData("d26e55a89604c35812a4578b547faed8e6a96f7d8791c9870bad727c9aadb9f1")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public void Non_canonical_coordinates_are_refused(string u) =>
        Assert.False(PublicKey.TryParse([0x05, .. Convert.FromHexString(u)], out _));

    [Theory]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe7f")]
    public void The_largest_canonical_coordinates_parse(string u) =>
        Assert.True(PublicKey.TryParse([0x05, .. Convert.FromHexString(u)], out _));
}

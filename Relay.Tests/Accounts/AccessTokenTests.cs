using Relay.Shared.Accounts;
using Relay.Shared.Primitives;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Accounts;

public sealed class AccessTokenTests
{
    private static readonly BusinessId Business = BusinessId.Parse("123456789012345");

    [Fact]
    public void A_token_is_73_characters_and_names_its_business()
    {
        AccessToken token = AccessToken.Create(Business);
        string text = token.Reveal().Reveal();

        Assert.Matches("^rly_live_[A-Za-z0-9_-]{64}$", text);
        Assert.True(AccessToken.TryParse(text, out AccessToken? parsed));
        Assert.Equal((token.Business, token.Id), (parsed.Business, parsed.Id));
        Assert.Equal(token.Hash, parsed.Hash);
        Assert.Equal(text, parsed.Reveal().Reveal());
        Assert.Equal(32, token.Hash.Length);
        Assert.Matches("^[0-9a-f]{16}$", token.Id);
    }

    [Fact]
    public void No_two_tokens_are_alike() =>
        Assert.Equal(200, Enumerable.Range(0, 100).Select(_ => AccessToken.Create(Business)).SelectMany(token => new[] { token.Id, Convert.ToHexString(token.Hash) }).Distinct().Count());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("rly_live_")]
    [InlineData("rly_test_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("EAAJB...")]
    public void What_is_no_token_is_none(string? text) => Assert.False(AccessToken.TryParse(text, out _));

    [Fact]
    public void A_token_has_one_spelling()
    {
        string text = AccessToken.Create(Business).Reveal().Reveal();
        string[] others =
        [
            text[..^1], text + "A", text + "=", text + " ", " " + text, text.Insert(20, " "), text.Insert(20, "\n"), text.Replace("rly", "RLY", StringComparison.Ordinal),
            text[..^1] + "+", text[..^1] + "/", text[..^1] + "é", text + new string('A', 200),
        ];
        Assert.All(others, other => Assert.False(AccessToken.TryParse(other, out _), other));
    }

    [Theory]
    [InlineData(5)]
    public void Random_texts_are_none_or_come_back_as_they_were(ulong seed)
    {
        SeededRandom random = new(seed);
        for (int i = 0; i < 500; i++)
        {
            string text = "rly_live_" + Convert.ToBase64String(random.Bytes(48)).Replace('+', '-').Replace('/', '_');
            Assert.True(AccessToken.TryParse(text, out AccessToken? token) && token.Reveal().Reveal() == text, text);
        }
    }
}

using Relay.Shared.Graph.Messages;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>The longest texts fit queue, row, envelope and webhook, whatever their characters cost.</summary>
public sealed class LongTextTests
{
    [Theory]
    [InlineData("x")]
    [InlineData("ä")]
    [InlineData("👋")]
    [InlineData("\"")]
    [InlineData("\u0001")]
    public async Task The_longest_text_that_a_business_may_send_arrives(string character)
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        string text = string.Concat(Enumerable.Repeat(character, MessageLimits.TextBody));
        Assert.NotNull(await world.SendAsync(text));
        await world.CheckAsync();
        Assert.Equal([text], world.Received);
    }

    [Theory]
    [InlineData("x", 42_000)]
    [InlineData("ä", 21_000)]
    [InlineData("👋", 10_500)]
    [InlineData("\u0001", 7_000)]
    public async Task The_longest_text_that_fits_an_envelope_is_told(string character, int times)
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        await world.UserSendsAsync(string.Concat(Enumerable.Repeat(character, times)));
        await world.CheckAsync();
        Assert.Empty(world.Running.Faults);
    }
}

using Relay.Shared.Transport.Wire;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>After a restore the era is raised: whatever a session sent before may have been forgotten, so it sends no more.</summary>
public sealed class EraTests
{
    [Fact]
    public async Task A_session_of_an_earlier_era_sends_no_more_even_after_it_received()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        await world.SendAsync("Before");
        await world.CheckAsync();
        Assert.Equal(Envelope.Message, world.Oracle.LastType);

        await world.RestartAsync(options => options with { Era = 2 });
        await world.UserSendsAsync("In between");
        await world.SettleAsync();
        await world.SendAsync("After");
        await world.SettleAsync();

        Assert.Equal(Envelope.PreKey, world.Oracle.LastType);
        await world.CheckAsync();
    }
}

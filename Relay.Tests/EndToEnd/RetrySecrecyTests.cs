using System.Text;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>
/// While messages are asked for again, in both directions, and keys are looked after, neither storage nor a queue nor a log ever holds a number or a
/// content in clear, at no step in between.
/// </summary>
public sealed class RetrySecrecyTests
{
    [Fact]
    public async Task Nothing_is_in_clear_at_any_step()
    {
        const string toUser = "Marker-Quitte";
        const string toBusiness = "Marker-Mispel";
        PairWorld? world = null;
        List<string> found = [];
        int steps = 0;
        List<string> needles = [toUser, toBusiness];
        FaultPlan plan = new(call =>
        {
            steps++;
            found.AddRange(Search(world!.Dump(), needles).Select(needle => $"{needle} at {call}"));
            return null;
        });
        PreparedPair pair = await PreparedPair.Acquainted;
        needles.Add(pair.DeviceNumber[1..]);
        plan.IsOver = true;
        await using (world = await PairWorld.StartAsync(PreparedPair.Acquainted, plan))
        {
            needles.Add(world.Business.Digits);
            needles.Add(world.Business.AccessToken);
            plan.IsOver = false;
            await world.LosePhoneSessionAsync();
            await world.SendAsync(toUser);
            await world.DrainAsync();
            await world.ReceiveAsync();
            await world.DrainAsync();
            await world.ReceiveAsync();
            await world.DrainAsync();
            Assert.Equal([toUser], world.Received);

            await world.LoseRelaySessionAsync();
            await world.UserSendsAsync(toBusiness);
            await world.DrainAsync();
            Assert.Contains(world.Relay.Rows(TableNames.Conversations), row => row.Get("unread", false));
            await world.ReceiveAsync();
            await world.DrainAsync();
            world.Time.Advance(TimeSpan.FromDays(8));
            await world.TimerAsync("KeepPreKeysStocked");

            Assert.Contains(world.Webhook.Deliveries, delivery => delivery.IsMessage && Encoding.UTF8.GetString(delivery.Body).Contains(toBusiness, StringComparison.Ordinal));
            Assert.True(steps > 50);
            Assert.Empty(found);
            Assert.Empty(Search([.. world.Running.Log.Lines.Select(line => line.Text)], needles));
            await world.CheckAsync();
        }
    }

    /// <summary>As text, and in the hex that byte columns are dumped in.</summary>
    private static IEnumerable<string> Search(IReadOnlyList<string> lines, IEnumerable<string> needles) => needles.Where(needle =>
    {
        string hex = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(needle));
        string base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(needle))[..12];
        return lines.Any(line => line.Contains(needle, StringComparison.Ordinal) || line.Contains(hex, StringComparison.Ordinal) || line.Contains(base64, StringComparison.Ordinal));
    });
}

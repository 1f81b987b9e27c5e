using Relay.Shared.Signal;
using Relay.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Relay.Tests.Signal;

/// <summary>A session costs the same after thousands of messages as after a few: in storage and in memory.</summary>
public sealed class GrowthTests(ITestOutputHelper output)
{
    private const int Window = 400;

    public static TheoryData<SessionProtocols> Protocols => Party.Protocols;

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_record_stays_small_over_a_thousand_random_messages(SessionProtocols protocol)
    {
        var random = new SeededRandom(1000);
        (Party alice, Party bob) = Party.Acquainted(protocol);
        int largest = 0;
        for (int number = 0; number < 1000; number++)
        {
            (Party from, Party to) = random.Chance(50) ? (alice, bob) : (bob, alice);
            Assert.Equal("text", to.ReadText(from.Write("text")));
            largest = Math.Max(largest, Math.Max(alice.Stored?.Length ?? 0, bob.Stored?.Length ?? 0));
        }

        output.WriteLine($"{protocol}: after 1,000 messages {alice.Stored?.Length} and {bob.Stored?.Length} bytes, largest {largest}");
        Assert.InRange(largest, 1, protocol == SessionProtocols.PqxdhSpqr ? 8 * 1024 : 1024);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Allocations_per_message_do_not_grow(SessionProtocols protocol)
    {
        (Party alice, Party bob) = Party.Acquainted(protocol);
        Talk(alice, bob, 100);
        long early = Talk(alice, bob, Window);
        Talk(alice, bob, 2000 - 100 - Window);
        long late = Talk(alice, bob, Window);

        output.WriteLine($"{protocol}: {early / Window} bytes per message at 100, {late / Window} at 2,000");
        Assert.InRange(late, 0, early + (early / 10));
    }

    // Each message to and fro counts once. Whole rounds of the post-quantum ratchet even out over a window.
    private static long Talk(Party alice, Party bob, int count)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < count; i++)
        {
            (Party from, Party to) = i % 2 == 0 ? (alice, bob) : (bob, alice);
            Assert.True(to.Read(from.Write([1, 2, 3])).IsSuccess);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

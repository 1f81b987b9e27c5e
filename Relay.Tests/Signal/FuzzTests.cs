using Relay.Shared.Signal;
using Relay.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Relay.Tests.Signal;

/// <summary>
/// A long conversation over a bad network: 3,000 messages in random directions, 10 % lost, 30 % late, 5 % replayed. Each one that
/// arrives is read, once.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Messages = 3_000;

    /// <summary>How many messages later a late one may come: within the five turns of the peer that are remembered.</summary>
    private const int MaxDelay = 8;

    public static TheoryData<SessionProtocols, ulong> Runs => Party.ProtocolsAnd<ulong>(20260822, 4711);

    [Theory]
    [MemberData(nameof(Runs))]
    public void Nothing_that_arrives_fails_and_no_replay_is_read(SessionProtocols protocol, ulong seed)
    {
        output.WriteLine($"{protocol}, seed {seed}");
        var random = new SeededRandom(seed);
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Initiate(bob.Publish());
        Assert.Equal("hello", bob.ReadText(alice.Write("hello")));
        var onItsWay = new List<Packet>();
        var arrived = new List<Packet>();
        (int read, int replays, int largest) = (0, 0, 0);
        for (int number = 0; number < Messages + MaxDelay + 1; number++)
        {
            if (number < Messages)
            {
                (Party from, Party to) = random.Chance(50) ? (alice, bob) : (bob, alice);
                SignalCiphertext message = from.Write($"{number}");
                int delay = random.Chance(30) ? 1 + random.Below(MaxDelay) : 0;
                if (!random.Chance(10))
                {
                    onItsWay.Add(new Packet($"{number}", message, to, number + delay));
                }
            }

            foreach (Packet packet in onItsWay.Where(packet => packet.Due <= number).ToList())
            {
                onItsWay.Remove(packet);
                DecryptResult result = packet.To.Read(packet.Message);
                Assert.Equal((seed, packet.Text, SessionOutcome.Success), (seed, packet.Text, result.Outcome));
                Assert.Equal(packet.Text, System.Text.Encoding.UTF8.GetString(result.Plaintext ?? []));
                arrived.Add(packet);
                read++;
            }

            if (arrived.Count > 0 && random.Chance(5))
            {
                Packet again = arrived[Math.Max(0, arrived.Count - 1 - random.Below(100))];
                Assert.False(again.To.Read(again.Message).IsSuccess, $"seed {seed}: replay of {again.Text} was read");
                replays++;
            }

            largest = Math.Max(largest, Math.Max(alice.Stored?.Length ?? 0, bob.Stored?.Length ?? 0));
        }

        output.WriteLine($"{read} read, {replays} replays refused, largest record {largest} bytes, last {alice.Stored?.Length} and {bob.Stored?.Length}");
        Assert.Empty(onItsWay);
        Assert.InRange(read, Messages * 85 / 100, Messages);
        Assert.True(replays > 100);
        Assert.Equal(protocol, alice.Record()?.Protocol);
        if (protocol == SessionProtocols.PqxdhSpqr)
        {
            ulong? epoch = alice.Record()?.Current.PostQuantum?.Epoch;
            output.WriteLine($"epoch {epoch}");
            Assert.True(epoch > 10);
        }
    }

    private sealed record Packet(string Text, SignalCiphertext Message, Party To, int Due);
}

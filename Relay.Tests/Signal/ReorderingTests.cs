using Relay.Shared.Signal;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>A bad network between two parties: loss, delay, repetition, both directions at once. The seed is in every failure.</summary>
public sealed class ReorderingTests
{
    private const int Rounds = 40;

    public static TheoryData<SessionProtocols, ulong> Seeds => Party.ProtocolsAnd<ulong>(1, 2, 3, 5, 8, 13, 21, 34, 55, 89);

    public static TheoryData<SessionProtocols> Protocols => Party.Protocols;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_message_that_arrives_is_read_exactly_once(SessionProtocols protocol, ulong seed)
    {
        var random = new SeededRandom(seed);
        (Party alice, Party bob) = Party.Pair(protocol);
        alice.Initiate(bob.Publish());
        if (random.Chance(50))
        {
            bob.Initiate(alice.Publish());
        }

        var network = new List<Packet>();
        int sent = 0;
        int read = 0;
        for (int round = 0; round < Rounds + 3; round++)
        {
            if (round < Rounds)
            {
                sent += Send(random, network, alice, bob, round) + Send(random, network, bob, alice, round);
            }

            List<Packet> due = network.FindAll(packet => packet.Due <= round);
            network.RemoveAll(packet => packet.Due <= round);
            random.Shuffle(due);
            foreach (Packet packet in due)
            {
                read += Deliver(packet, $"seed {seed} round {round} text {packet.Letter.Text}");
            }
        }

        Assert.True(read > sent / 2, $"seed {seed}: {read} of {sent} read");
        foreach (Party party in new[] { alice, bob })
        {
            Assert.True(party.Stored?.Length < 16 * 1024, $"seed {seed}: {party.Stored?.Length} bytes");
        }

        // And it still works afterwards.
        Assert.Equal("end", bob.ReadText(alice.Write("end")));
        Assert.Equal("end", alice.ReadText(bob.Write("end")));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Every_order_of_four_messages_is_read(SessionProtocols protocol)
    {
        foreach (int[] order in Permutations([0, 1, 2, 3]))
        {
            (Party alice, Party bob) = Party.Acquainted(protocol);
            SignalCiphertext[] messages = [alice.Write("0"), alice.Write("1"), alice.Write("2"), alice.Write("3")];
            foreach (int number in order)
            {
                Assert.Equal($"{number}", bob.ReadText(messages[number]));
                Assert.Equal(SessionOutcome.Duplicate, bob.Read(messages[number]).Outcome);
            }
        }
    }

    private static int Send(SeededRandom random, List<Packet> network, Party from, Party to, int round)
    {
        int count = from.Stored is null ? 0 : random.Below(5);
        for (int i = 0; i < count; i++)
        {
            var letter = new Letter($"{round}.{i}");
            SignalCiphertext message = from.Write(letter.Text);
            if (!random.Chance(10))
            {
                network.Add(new Packet(letter, message, to, round + random.Below(2)));
            }

            if (random.Chance(15))
            {
                network.Add(new Packet(letter, message, to, round + random.Below(3)));
            }
        }

        return count;
    }

    private static int Deliver(Packet packet, string where)
    {
        byte[]? before = packet.To.Stored;
        DecryptResult result = packet.To.Read(packet.Message);
        SessionOutcome expected = packet.Letter.IsRead ? SessionOutcome.Duplicate : SessionOutcome.Success;
        Assert.Equal((where, expected), (where, result.Outcome));
        if (!result.IsSuccess)
        {
            Assert.Equal(before, packet.To.Stored);
            return 0;
        }

        Assert.Equal(packet.Letter.Text, System.Text.Encoding.UTF8.GetString(result.Plaintext));
        packet.Letter.IsRead = true;
        return 1;
    }

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length == 1
        ? [items]
        : items.SelectMany(first => Permutations([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));

    private sealed class Letter(string text)
    {
        public string Text { get; } = text;

        public bool IsRead { get; set; }
    }

    private sealed record Packet(Letter Letter, SignalCiphertext Message, Party To, int Due);
}

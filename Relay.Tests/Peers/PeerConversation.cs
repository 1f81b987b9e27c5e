using Relay.Shared.Signal;
using Relay.Shared.Signal.Spqr;
using Relay.Shared.Signal.Wire;
using Relay.Tests.Signal;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Peers;

/// <summary>
/// A device of ours and one of somebody else, and a bad network between them: every message that arrives must be read exactly
/// once, everything that arrives again must be refused. Each assertion names the seed and the step.
/// </summary>
internal sealed class PeerConversation(Party us, PeerDevice them, ulong seed, Network network)
{
    /// <summary>Below what makes a receiver forget a chain (five of them are kept), even if every message is a turn.</summary>
    private const int LongestDelay = 6;

    private readonly SeededRandom _random = new(seed);
    private readonly List<Packet> _underWay = [];
    private bool _theyCanWrite;
    private bool _isOurTurn;

    public int Sent { get; private set; }

    public int Read { get; private set; }

    public int Refused { get; private set; }

    /// <summary>The first bytes of what we sent, and of what they did.</summary>
    public SortedSet<byte> OurVersions { get; } = [];

    public SortedSet<byte> TheirVersions { get; } = [];

    /// <summary>The latest epoch of SPQR that anybody wrote of; 0 without SPQR.</summary>
    public ulong Epoch { get; private set; }

    /// <summary>One of the two opens the session with a bundle of the other.</summary>
    public async Task OpenAsync(bool weOpen, bool oneTime)
    {
        if (weOpen)
        {
            us.Initiate(await them.PublishAsync(oneTime));
        }
        else
        {
            Assert.Null(await them.OpenAsync(us.Publish(oneTime)));
            _theyCanWrite = true;
        }
    }

    /// <summary>As many messages in random directions. At the end nothing is under way.</summary>
    public async Task RunAsync(int messages)
    {
        for (int step = 0; step < messages; step++)
        {
            await SendAsync(step);
            await DeliverAsync(step);
        }

        await DeliverAsync(messages + (2 * LongestDelay));
        Assert.Empty(_underWay);
    }

    private async Task SendAsync(int step)
    {
        if (_random.Chance(network.TurnPercent))
        {
            _isOurTurn = !_isOurTurn;
        }

        bool weWrite = us.Stored is not null && (!_theyCanWrite || _isOurTurn);
        Letter letter = new(weWrite, _random.Bytes(1 + _random.Below(200)));
        SignalCiphertext message = weWrite ? us.Write(letter.Text) : await them.WriteAsync(letter.Text);
        (weWrite ? OurVersions : TheirVersions).Add(message.Bytes[0]);
        Epoch = Math.Max(Epoch, EpochOf(message));
        Sent++;
        if (!_random.Chance(network.LossPercent))
        {
            int due = _random.Chance(network.ReorderPercent) ? step + 1 + _random.Below(LongestDelay) : step;
            _underWay.Add(new Packet(letter, message, due));
            if (_random.Chance(network.ReplayPercent))
            {
                _underWay.Add(new Packet(letter, message, due + _random.Below(LongestDelay)));
            }
        }
    }

    private async Task DeliverAsync(int now)
    {
        List<Packet> due = _underWay.FindAll(packet => packet.Due <= now);
        _underWay.RemoveAll(packet => packet.Due <= now);
        _random.Shuffle(due);
        foreach (Packet packet in due)
        {
            string where = $"seed {seed} step {now} {(packet.Letter.IsOurs ? "to" : "from")} the peer";
            (byte[]? plaintext, string? refusal) = packet.Letter.IsOurs ? await them.ReadAsync(packet.Message) : ReadOurselves(packet.Message);
            if (packet.Letter.IsRead)
            {
                Assert.True(plaintext is null, $"{where}: a replay was accepted");
                Refused++;
                continue;
            }

            Assert.True(plaintext is not null, $"{where}: {refusal}");
            Assert.Equal(where + Convert.ToHexStringLower(packet.Letter.Text), where + Convert.ToHexStringLower(plaintext));
            packet.Letter.IsRead = true;
            _theyCanWrite |= packet.Letter.IsOurs;
            Read++;
        }
    }

    private (byte[]? Plaintext, string? Refusal) ReadOurselves(SignalCiphertext message)
    {
        DecryptResult result = us.Read(message);
        return (result.Plaintext, result.Outcome.ToString());
    }

    private static ulong EpochOf(SignalCiphertext message)
    {
        SignalMessage? parsed = null;
        if (PreKeySignalMessage.TryParse(message.Bytes, out PreKeySignalMessage? first))
        {
            parsed = first.Inner;
        }
        else
        {
            SignalMessage.Parse(message.Bytes, out parsed);
        }

        return SpqrMessage.TryParse(parsed?.PqRatchet is { } field ? field.Span : [], out SpqrMessage spqr) ? spqr.Epoch : 0;
    }

    private sealed class Letter(bool isOurs, byte[] text)
    {
        public bool IsOurs { get; } = isOurs;

        public byte[] Text { get; } = text;

        public bool IsRead { get; set; }
    }

    private sealed record Packet(Letter Letter, SignalCiphertext Message, int Due);
}

/// <summary>What happens to how many of a hundred messages on their way.</summary>
/// <param name="LossPercent">Never arrive.</param>
/// <param name="ReorderPercent">Arrive after later ones.</param>
/// <param name="ReplayPercent">Arrive twice.</param>
/// <param name="TurnPercent">How often the other one writes the next message.</param>
internal sealed record Network(int LossPercent = 10, int ReorderPercent = 30, int ReplayPercent = 5, int TurnPercent = 50);

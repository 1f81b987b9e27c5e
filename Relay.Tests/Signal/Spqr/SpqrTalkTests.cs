using Relay.Shared.Signal;
using Relay.Shared.Signal.Spqr;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal.Spqr;

/// <summary>Two states over a bad network. The seed is in every failure.</summary>
public sealed class SpqrTalkTests
{
    public static TheoryData<ulong> Seeds => [1, 2, 3, 5, 8, 13, 21, 34];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_message_that_arrives_has_its_senders_key_once(ulong seed)
    {
        var random = new SeededRandom(seed);
        var pair = new SpqrPair(seed + 1000);
        var network = new List<(SpqrLetter Letter, int Due)>();
        var read = new HashSet<SpqrLetter>(ReferenceEqualityComparer.Instance);
        int largest = 0;
        for (int round = 0; round < 2000; round++)
        {
            // Sometimes one side falls silent for a while.
            bool fromA = (round / 60 % 5) switch { 3 => random.Chance(95), 4 => random.Chance(5), _ => random.Chance(50) };
            SpqrLetter letter = pair.Send(fromA);
            if (!random.Chance(10))
            {
                network.Add((letter, round + (random.Chance(30) ? random.Below(12) : 0)));
            }

            if (random.Chance(5))
            {
                network.Add((letter, round + random.Below(30)));
            }

            var due = network.FindAll(packet => packet.Due <= round);
            network.RemoveAll(packet => packet.Due <= round);
            random.Shuffle(due);
            foreach ((SpqrLetter arrived, _) in due)
            {
                SpqrOutcome expected = read.Add(arrived) ? SpqrOutcome.Success : SpqrOutcome.Duplicate;
                Assert.Equal((seed, round, expected), (seed, round, pair.Deliver(arrived)));
            }

            if (random.Chance(3))
            {
                pair.Restart();
            }

            largest = Math.Max(largest, Math.Max(pair.A.Write().Length, pair.B.Write().Length));
        }

        Assert.True(pair.A.Epoch >= 12, $"seed {seed}: epoch {pair.A.Epoch}");
        Assert.True(Math.Max(pair.A.Epoch, pair.B.Epoch) - Math.Min(pair.A.Epoch, pair.B.Epoch) <= 1);
        Assert.True(largest < 6 * 1024, $"seed {seed}: {largest} bytes");
    }

    [Fact]
    public void In_order_and_without_loss_an_epoch_takes_a_bounded_number_of_messages()
    {
        var pair = new SpqrPair(7);
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(SpqrOutcome.Success, pair.Deliver(pair.Send(i % 2 == 0)));
        }

        Assert.InRange((int)pair.A.Epoch, 11, 14);
    }

    [Fact]
    public void A_state_stays_small_however_long_it_lives()
    {
        var pair = new SpqrPair(8);
        int largest = 0;
        for (int i = 0; i < 3000; i++)
        {
            Assert.Equal(SpqrOutcome.Success, pair.Deliver(pair.Send(i % 3 == 0)));
            largest = Math.Max(largest, Math.Max(pair.A.Write().Length, pair.B.Write().Length));
        }

        Assert.InRange(largest, 2000, 2700);
        Assert.True(pair.A.Chain.Epochs.Count <= SpqrChain.MaxEpochs);
    }

    [Fact]
    public void One_side_may_speak_alone_for_as_long_as_it_likes()
    {
        var pair = new SpqrPair(9);
        SpqrLetter first = pair.Send(true);
        int size = pair.A.Write().Length;
        for (int i = 0; i < 70_000; i++)
        {
            SpqrLetter letter = pair.Send(true);
            if (i % 1000 == 0)
            {
                Assert.Equal(SpqrOutcome.Success, pair.Deliver(letter));
            }
        }

        Assert.Equal(size, pair.A.Write().Length);
        Assert.Equal(SpqrOutcome.Duplicate, pair.Deliver(first));
        Assert.Equal(SignalLimits.MaxSkippedKeys, pair.B.Chain.SkippedCount);
        Assert.InRange(pair.B.Write().Length, 72_000, SpqrCodec.MaxBytes);
        Assert.Equal(SpqrOutcome.Success, pair.Deliver(pair.Send(false)));
        SpqrPair.Reread(pair.B).Dispose();
    }

    [Fact]
    public void A_jump_of_25000_is_followed_and_one_more_is_not()
    {
        var pair = new SpqrPair(10);
        for (int i = 1; i < SignalLimits.MaxJump; i++)
        {
            pair.Send(true);
        }

        SpqrLetter last = pair.Send(true);
        SpqrLetter tooFar = pair.Send(true);
        byte[] before = pair.B.Write();
        Assert.Equal(SpqrOutcome.TooFarAhead, pair.Deliver(tooFar));
        Assert.Equal(before, pair.B.Write());
        Assert.Equal(SpqrOutcome.Success, pair.Deliver(last));
        Assert.Equal(SpqrOutcome.Success, pair.Deliver(tooFar));
    }

    [Fact]
    public void Skipped_keys_of_an_epoch_before_the_last_are_gone()
    {
        var pair = new SpqrPair(11);
        SpqrLetter late = pair.Send(true);
        pair.RunTo(BraidState.KeysUnsampled);
        for (ulong epoch = pair.B.Epoch; pair.B.Epoch < epoch + 2;)
        {
            Assert.Equal(SpqrOutcome.Success, pair.Deliver(pair.Send(true)));
            Assert.Equal(SpqrOutcome.Success, pair.Deliver(pair.Send(false)));
        }

        Assert.Equal(SpqrOutcome.WrongEpoch, pair.Deliver(late));
    }

    [Fact]
    public void A_peer_that_sends_no_keys_yet_is_understood()
    {
        var pair = new SpqrPair(12);
        SpqrLetter letter = pair.Send(true);
        Assert.True(SpqrMessage.TryParse(letter.Bytes, out SpqrMessage message));
        byte[] keyless = new SpqrMessage { Epoch = 1, Index = 0, Type = message.Type, ChunkIndex = message.ChunkIndex, Chunk = message.Chunk }.ToBytes();
        byte[] untouched = new byte[32];

        Assert.Equal(SpqrOutcome.SuccessWithoutKey, pair.B.Receive(keyless, untouched));
        Assert.Equal(new byte[32], untouched);
        Assert.Equal(1, pair.B.Braid.Decoder?.Indexes.Length);
        Assert.Equal(SpqrOutcome.Success, pair.Deliver(letter));
    }
}

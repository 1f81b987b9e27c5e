using Relay.Shared.Signal.Spqr;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal.Spqr;

/// <summary>Messages that are wrong: in a byte, in everything, or in what they add up to.</summary>
public sealed class SpqrMalformedTests
{
    public static TheoryData<int> States => SpqrStorageTests.States;

    /// <summary>The MAC that would catch it is not ours: nothing may change in the state that was cloned, nor in a clone that refuses.</summary>
    [Theory]
    [MemberData(nameof(States))]
    public void A_flipped_bit_never_changes_the_original(int state)
    {
        var pair = new SpqrPair(41);
        SpqrState side = pair.RunTo((BraidState)state);
        byte[] before = side.Write();
        byte[] key = new byte[32];
        SpqrLetter genuine = pair.Send(!side.IsInitiator);
        for (int bit = 0; bit < 8 * genuine.Bytes.Length; bit++)
        {
            byte[] altered = [.. genuine.Bytes];
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            using SpqrState trial = side.Clone();
            SpqrOutcome outcome = trial.Receive(altered, key);
            Assert.Equal(before, side.Write());
            if (outcome is not (SpqrOutcome.Success or SpqrOutcome.SuccessWithoutKey))
            {
                Assert.Equal(before, trial.Write());
            }
        }

        Assert.Equal(SpqrOutcome.Success, pair.Deliver(genuine));
    }

    /// <summary>The last chunk of each text, altered: the text's own check refuses it, and the genuine one still completes.</summary>
    [Theory]
    [InlineData((int)BraidState.NoHeaderReceived, (int)BraidState.HeaderReceived)]
    [InlineData((int)BraidState.Ct1Sampled, (int)BraidState.EkReceivedCt1Sampled)]
    [InlineData((int)BraidState.EkSentCt1Received, (int)BraidState.NoHeaderReceived)]
    public void An_altered_text_is_refused_as_a_whole(int waiting, int complete)
    {
        var pair = new SpqrPair(42);
        pair.RunTo((BraidState)waiting);
        for (int i = 0; i < 400; i++)
        {
            SpqrLetter letter = pair.Send(SpqrPair.Turn(i));
            SpqrState receiver = letter.FromA ? pair.B : pair.A;
            byte[] altered = [.. letter.Bytes];
            altered[^1] ^= 1;
            using SpqrState genuine = receiver.Clone();
            using SpqrState trial = receiver.Clone();
            byte[] before = trial.Write();
            genuine.Receive(letter.Bytes, new byte[32]);
            if (receiver.Braid.State == (BraidState)waiting && genuine.Braid.State == (BraidState)complete)
            {
                Assert.Equal(SpqrOutcome.BadMac, trial.Receive(altered, new byte[32]));
                Assert.Equal(before, trial.Write());
                Assert.Equal(SpqrOutcome.Success, pair.Deliver(letter));
                return;
            }

            Assert.Equal(SpqrOutcome.Success, pair.Deliver(letter));
        }

        Assert.Fail("The text never completed.");
    }

    [Fact]
    public void A_hundred_thousand_wrong_messages_throw_nothing_and_allocate_little()
    {
        var random = new SeededRandom(43);
        SpqrState[] sides = [.. Enum.GetValues<BraidState>().Select(state => new SpqrPair(43).RunTo(state))];
        byte[][] genuine = [.. Enumerable.Range(0, 40).Select(i => new SpqrPair((ulong)i)).Select(pair => { pair.RunTo(BraidState.Ct1Received); return pair.Send(random.Chance(50)).Bytes; })];
        byte[] key = new byte[32];
        long most = 0;
        for (int i = 0; i < 100_000; i++)
        {
            SpqrState trial = sides[i % sides.Length].Clone();
            byte[] bytes = Wrong(random, genuine);

            // A long jump is work by design, and has its own test.
            if (SpqrMessage.TryParse(bytes, out SpqrMessage message) && message.Index > 100)
            {
                continue;
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread();
            trial.Receive(bytes, key);
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - allocated);
        }

        // The skipped keys of a jump of 100, grown by doubling.
        Assert.InRange(most, 1, 24 * 1024);
    }

    [Fact]
    public void An_epoch_that_cannot_be_yet_is_refused()
    {
        foreach (BraidState state in Enum.GetValues<BraidState>())
        {
            SpqrState side = new SpqrPair(44).RunTo(state);
            for (ulong ahead = 1; ahead < 4; ahead++)
            {
                using SpqrState trial = side.Clone();
                byte[] bytes = new SpqrMessage { Epoch = side.Epoch + ahead, Index = 1, Type = SpqrMessageType.None }.ToBytes();
                bool isNext = ahead == 1 && state == BraidState.Ct2Sampled;
                Assert.Equal((state, ahead, isNext ? SpqrOutcome.Success : SpqrOutcome.WrongEpoch), (state, ahead, trial.Receive(bytes, new byte[32])));
            }

            byte[] largest = new SpqrMessage { Epoch = ulong.MaxValue, Index = uint.MaxValue, Type = SpqrMessageType.None }.ToBytes();
            Assert.Equal(SpqrOutcome.WrongEpoch, side.Receive(largest, new byte[32]));
        }
    }

    private static byte[] Wrong(SeededRandom random, byte[][] genuine)
    {
        byte[] bytes = [.. genuine[random.Below(genuine.Length)]];
        switch (random.Below(5))
        {
            case 0:
                return random.Bytes(random.Below(60));
            case 1:
                return bytes[..random.Below(bytes.Length)];
            case 2:
                return [1, (byte)random.Below(4), (byte)random.Below(256), (byte)random.Below(9), .. random.Bytes(random.Below(40))];
            case 3:
                return [.. bytes, .. random.Bytes(random.Below(40))];
            default:
                for (int i = random.Below(4); i >= 0; i--)
                {
                    bytes[random.Below(bytes.Length)] = (byte)random.Below(256);
                }

                return bytes;
        }
    }
}

using Relay.Shared.Signal.Spqr;
using Xunit;

namespace Relay.Tests.Signal.Spqr;

/// <summary>spec/signal.md §4.1, "States", as a table: what each state does with each type, below the checks of the chain.</summary>
public sealed class BraidTableTests
{
    public static TheoryData<int> States => SpqrStorageTests.States;

    [Theory]
    [MemberData(nameof(States))]
    public void A_type_leads_where_the_table_says_and_another_changes_nothing(int number)
    {
        var state = (BraidState)number;
        SpqrState side = new SpqrPair(61).RunTo(state);
        byte[] before = side.Write();
        foreach (SpqrMessageType type in Enum.GetValues<SpqrMessageType>())
        {
            using SpqrState trial = side.Clone();
            Assert.Equal(SpqrOutcome.Success, Receive(trial, side.Epoch, type));
            BraidState? next = Next(state, type);
            Assert.Equal((type, next ?? state), (type, trial.Braid.State));
            Assert.Equal((type, next is null), (type, before.AsSpan().SequenceEqual(trial.Write())));
        }
    }

    [Theory]
    [MemberData(nameof(States))]
    public void A_message_of_an_older_epoch_changes_nothing(int number)
    {
        var pair = new SpqrPair(62);
        for (int i = 0; pair.A.Epoch < 3; i++)
        {
            Assert.Equal(SpqrOutcome.Success, pair.Deliver(pair.Send(SpqrPair.Turn(i))));
        }

        SpqrState side = pair.RunTo((BraidState)number);
        byte[] before = side.Write();
        for (ulong older = side.Epoch - 1; older >= 1; older--)
        {
            foreach (SpqrMessageType type in Enum.GetValues<SpqrMessageType>())
            {
                Assert.Equal(SpqrOutcome.Success, Receive(side, older, type));
                Assert.Equal((older, type, Convert.ToHexString(before)), (older, type, Convert.ToHexString(side.Write())));
            }
        }
    }

    [Theory]
    [MemberData(nameof(States))]
    public void Only_the_end_of_an_epoch_leads_to_the_next_and_to_no_later_one(int number)
    {
        var state = (BraidState)number;
        SpqrState side = new SpqrPair(63).RunTo(state);
        byte[] before = side.Write();
        Assert.Equal(SpqrOutcome.WrongEpoch, Receive(side, side.Epoch + 2, SpqrMessageType.None));
        Assert.Equal(before, side.Write());
        bool isEnd = state == BraidState.Ct2Sampled;
        Assert.Equal(isEnd ? SpqrOutcome.Success : SpqrOutcome.WrongEpoch, Receive(side, side.Epoch + 1, SpqrMessageType.None));
        Assert.Equal(isEnd ? BraidState.KeysUnsampled : state, side.Braid.State);
    }

    private static SpqrOutcome Receive(SpqrState side, ulong epoch, SpqrMessageType type)
    {
        var message = new SpqrMessage { Epoch = epoch, Index = 1, Type = type, ChunkIndex = 60_000, Chunk = new byte[32] };
        SpqrOutcome outcome = side.Braid.Receive(message, new byte[32], out bool hasSecret);
        Assert.False(hasSecret);
        return outcome;
    }

    private static BraidState? Next(BraidState state, SpqrMessageType type) => (state, type) switch
    {
        (BraidState.KeysSampled, SpqrMessageType.FirstCiphertext) => BraidState.HeaderSent,
        (BraidState.HeaderSent, SpqrMessageType.FirstCiphertext) => BraidState.HeaderSent,
        (BraidState.Ct1Received, SpqrMessageType.SecondCiphertext) => BraidState.EkSentCt1Received,
        (BraidState.EkSentCt1Received, SpqrMessageType.SecondCiphertext) => BraidState.EkSentCt1Received,
        (BraidState.NoHeaderReceived, SpqrMessageType.Header) => BraidState.NoHeaderReceived,
        (BraidState.Ct1Sampled, SpqrMessageType.Vector) => BraidState.Ct1Sampled,
        (BraidState.Ct1Sampled, SpqrMessageType.VectorAndAck) => BraidState.Ct1Acknowledged,
        (BraidState.EkReceivedCt1Sampled, SpqrMessageType.VectorAndAck or SpqrMessageType.Ack) => BraidState.Ct2Sampled,
        (BraidState.Ct1Acknowledged, SpqrMessageType.Vector or SpqrMessageType.VectorAndAck) => BraidState.Ct1Acknowledged,
        _ => null,
    };
}

using System.Text.Json;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Spqr;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal.Spqr;

/// <summary>The stored form at every state, whole and broken; and what a state shows of itself.</summary>
public sealed class SpqrStorageTests
{
    public static TheoryData<int> States => [.. Enumerable.Range(0, Enum.GetValues<BraidState>().Length)];

    [Theory]
    [MemberData(nameof(States))]
    public void Every_state_is_read_back_to_the_same_bytes_and_goes_on(int state)
    {
        var pair = new SpqrPair(31);
        pair.RunTo((BraidState)state);
        pair.Restart();
        for (int i = 0; i < 300; i++)
        {
            Assert.Equal(SpqrOutcome.Success, pair.Deliver(pair.Send(i % 2 == 0)));
        }

        Assert.True(pair.A.Epoch > 2);
    }

    [Theory]
    [MemberData(nameof(States))]
    public void No_cut_or_lengthened_form_is_read(int state)
    {
        var pair = new SpqrPair(32);
        byte[] written = pair.RunTo((BraidState)state).Write();
        for (int length = 0; length < written.Length; length++)
        {
            Assert.False(SpqrState.TryRead(written.AsSpan(0, length), out _));
        }

        Assert.False(SpqrState.TryRead([.. written, 0], out _));
    }

    [Theory]
    [MemberData(nameof(States))]
    public void Whatever_is_read_is_written_back_and_can_be_used(int state)
    {
        var random = new SeededRandom(33);
        var pair = new SpqrPair(33);
        SpqrState side = pair.RunTo((BraidState)state);
        byte[] written = side.Write();
        byte[] incoming = pair.Send(!side.IsInitiator).Bytes;
        byte[] key = new byte[32];
        for (int i = 0; i < 1500; i++)
        {
            // The first bytes decide most.
            byte[] broken = [.. written];
            broken[random.Below(random.Chance(40) ? 12 : broken.Length)] = (byte)random.Below(256);
            if (SpqrState.TryRead(broken, out SpqrState? read))
            {
                Assert.Equal(broken, read.Write());
                read.Receive(incoming, key);
                read.Send(key);
                read.Dispose();
            }
        }
    }

    [Fact]
    public void A_role_the_epoch_does_not_give_is_refused()
    {
        var pair = new SpqrPair(34);
        byte[] written = pair.RunTo(BraidState.HeaderSent).Write();
        written[1] ^= 1;
        Assert.False(SpqrState.TryRead(written, out _));
        written[1] ^= 1 | 2;
        Assert.False(SpqrState.TryRead(written, out _));
        written[1] = 4;
        Assert.False(SpqrState.TryRead(written, out _));
    }

    [Fact]
    public void Skipped_keys_beyond_their_chain_or_beyond_the_cap_are_refused()
    {
        var pair = new SpqrPair(39);
        for (int i = 0; i < SignalLimits.MaxSkippedKeys + 2; i++)
        {
            pair.Send(true);
        }

        Assert.Equal(SpqrOutcome.Success, pair.Deliver(pair.Send(true)));
        SkippedKeys skipped = pair.B.Chain.Epochs[0].Skipped;
        Assert.Equal(SignalLimits.MaxSkippedKeys, skipped.Count);
        Assert.True(SpqrState.TryRead(pair.B.Write(), out _));
        skipped.Add(SignalLimits.MaxSkippedKeys + 3);
        Assert.False(SpqrState.TryRead(pair.B.Write(), out _));
        skipped.DropOldest(2);
        Assert.True(SpqrState.TryRead(pair.B.Write(), out _));
        skipped.Add(SignalLimits.MaxSkippedKeys + 4);
        Assert.False(SpqrState.TryRead(pair.B.Write(), out _));
    }

    [Fact]
    public void Copies_share_no_secret()
    {
        var pair = new SpqrPair(35);
        SpqrState side = pair.RunTo(BraidState.Ct1Received);
        byte[] before = side.Write();
        SpqrState copy = side.Clone();
        copy.Send(new byte[32]);
        Assert.Equal(before, side.Write());
        copy.Dispose();
        Assert.Equal(before, side.Write());
    }

    [Fact]
    public void A_disposed_state_holds_no_secret()
    {
        var pair = new SpqrPair(36);
        SpqrState side = pair.RunTo(BraidState.KeysSampled);
        SpqrEpoch[] epochs = [.. side.Chain.Epochs];
        side.Dispose();

        Assert.False(side.Braid.Secret.ContainsAnyExcept((byte)0));
        Assert.False(side.Braid.Authenticator.RootAndMac.ContainsAnyExcept((byte)0));
        Assert.False(side.Chain.Root.ContainsAnyExcept((byte)0));
        Assert.All(epochs, epoch => Assert.False(epoch.Receiving.Key.ContainsAnyExcept((byte)0)));
    }

    [Fact]
    public void The_secret_of_a_finished_epoch_is_wiped()
    {
        var pair = new SpqrPair(37);
        ReadOnlySpan<byte> seed = pair.RunTo(BraidState.KeysSampled).Braid.Secret;
        Assert.True(seed.ContainsAnyExcept((byte)0));
        SpqrState side = pair.A;
        for (int i = 0; side.Braid.State != BraidState.NoHeaderReceived; i++)
        {
            SpqrLetter letter = pair.Send(i % 2 == 1);
            if (letter.FromA)
            {
                Assert.Equal(SpqrOutcome.Success, pair.Deliver(letter));
            }
            else
            {
                Assert.Equal(SpqrOutcome.Success, side.Receive(letter.Bytes, new byte[32]));
            }
        }

        Assert.False(seed.ContainsAnyExcept((byte)0));
        Assert.Equal(0, side.Braid.Secret.Length);
    }

    [Fact]
    public void Nothing_prints_a_secret()
    {
        var pair = new SpqrPair(38);
        SpqrState side = pair.RunTo(BraidState.Ct1Received);
        foreach (object secret in new object[] { side, side.Braid, side.Braid.Authenticator, side.Chain, side.Chain.Epochs[0], side.Chain.Epochs[0].Receiving })
        {
            Assert.Equal("[redacted]", secret.ToString());
            Assert.Equal("{}", JsonSerializer.Serialize(secret, secret.GetType()));
        }
    }
}

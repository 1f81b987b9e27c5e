using Relay.Shared.Signal.Spqr;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Signal.Spqr;

/// <summary>Two states of one session, with repeatable draws. A is the initiator.</summary>
internal sealed class SpqrPair
{
    private readonly SeededRandom _random;
    private readonly HashSet<string> _keys = [];

    public SpqrPair(ulong seed)
    {
        _random = new SeededRandom(seed);
        byte[] pqrKey = _random.Bytes(32);
        A = SpqrState.Start(isInitiator: true, pqrKey);
        B = SpqrState.Start(isInitiator: false, pqrKey);
    }

    public SpqrState A { get; private set; }

    public SpqrState B { get; private set; }

    /// <summary>A message of A's or B's; its key was never seen before.</summary>
    public SpqrLetter Send(bool fromA)
    {
        SpqrState from = fromA ? A : B;
        byte[] key = new byte[32];
        byte[] bytes = from.Send(_random.Bytes(from.DrawBytes), key);
        Assert.True(_keys.Add(Convert.ToHexString(key)), "A key was used twice.");
        Assert.True(bytes.Length <= SpqrMessage.MaxBytes);
        return new SpqrLetter(fromA, bytes, key);
    }

    /// <summary>Into a clone, adopted on success: what the session engine does.</summary>
    public SpqrOutcome Deliver(SpqrLetter letter)
    {
        SpqrState trial = (letter.FromA ? B : A).Clone();
        byte[] key = new byte[32];
        SpqrOutcome outcome = trial.Receive(letter.Bytes, key);
        if (outcome == SpqrOutcome.Success)
        {
            Assert.Equal(letter.Key, key);
            Adopt(letter.FromA, trial);
        }

        return outcome;
    }

    /// <summary>Writes both states down and goes on with what was read back.</summary>
    public void Restart()
    {
        Adopt(true, Reread(B));
        Adopt(false, Reread(A));
    }

    /// <summary>Who speaks: A more than B, so that in turn the key and the ciphertext are through first and all states come up.</summary>
    public static bool Turn(int i) => i % 3 != 0;

    /// <summary>Back and forth, in order, until one side has reached that state.</summary>
    public SpqrState RunTo(BraidState state)
    {
        for (int i = 0; i < 1000; i++)
        {
            foreach (SpqrState side in new[] { A, B })
            {
                if (side.Braid.State == state)
                {
                    return side;
                }
            }

            Assert.Equal(SpqrOutcome.Success, Deliver(Send(Turn(i))));
        }

        throw new InvalidOperationException($"{state} was not reached.");
    }

    public static SpqrState Reread(SpqrState state)
    {
        byte[] written = state.Write();
        Assert.True(SpqrState.TryRead(written, out SpqrState? again));
        Assert.Equal(written, again.Write());
        return again;
    }

    private void Adopt(bool atB, SpqrState next)
    {
        if (atB)
        {
            B.Dispose();
            B = next;
        }
        else
        {
            A.Dispose();
            A = next;
        }
    }
}

using Relay.Shared.Signal;
using Relay.Tests.Signal;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Peers;

/// <summary>How many messages in a row may be lost: as many as with them, to the message.</summary>
public sealed class PeerJumpTests
{
    [NodeTheory]
    [InlineData("libsignal-client-0.103.0", SessionProtocols.PqxdhSpqr, SignalLimits.MaxJump - 1)]
    [InlineData("libsignal-client-0.72.1", SessionProtocols.X3dh, SignalLimits.MaxJump)]
    public async Task Both_read_across_the_same_gap_and_no_larger_one(string peer, SessionProtocols protocol, int largest)
    {
        await using PeerDevice them = await PeerDevice.StartAsync(peer, protocol);
        Party us = new(1001, protocol);
        us.Initiate(await them.PublishAsync(oneTime: true));
        Assert.NotNull((await them.ReadAsync(us.Write("hello"))).Plaintext);
        Assert.True(us.Read(await them.WriteAsync([0])).IsSuccess);

        // From them: the first one is read, then as many are missing.
        List<SignalCiphertext> theirs = [];
        for (int i = 0; i <= largest + 1; i++)
        {
            theirs.Add(await them.WriteAsync([1]));
        }

        Assert.Equal(SessionOutcome.TooFarAhead, us.Read(theirs[largest + 1]).Outcome);
        Assert.Equal(SessionOutcome.Success, us.Read(theirs[largest]).Outcome);
        Assert.Equal(SessionOutcome.Success, us.Read(theirs[largest - SignalLimits.MaxSkippedKeys]).Outcome);
        Assert.Equal(SessionOutcome.Duplicate, us.Read(theirs[largest - SignalLimits.MaxSkippedKeys - 1]).Outcome);

        SignalCiphertext[] ours = us.WriteMany(largest + 2);
        Assert.NotNull((await them.ReadAsync(ours[largest + 1])).Refusal);
        Assert.NotNull((await them.ReadAsync(ours[largest])).Plaintext);
        Assert.NotNull((await them.ReadAsync(us.Write("on"))).Plaintext);
        Assert.True(us.Read(await them.WriteAsync([2])).IsSuccess);
    }

    /// <summary>The JavaScript library allows fewer: the relay has to ask for an answer before (<see cref="SessionRecord.SentThisTurn"/>).</summary>
    [NodeFact]
    public async Task The_JavaScript_library_reads_across_1999()
    {
        await using PeerDevice them = await PeerDevice.StartAsync("libsignal-6.0.0", SessionProtocols.X3dh);
        Party us = new(1001);
        us.Initiate(await them.PublishAsync(oneTime: true));
        Assert.NotNull((await them.ReadAsync(us.Write("hello"))).Plaintext);
        Assert.True(us.Read(await them.WriteAsync([0])).IsSuccess);

        SignalCiphertext[] ours = us.WriteMany(2_001);
        Assert.NotNull((await them.ReadAsync(ours[0])).Plaintext);
        Assert.NotNull((await them.ReadAsync(ours[2_000])).Plaintext);
        Assert.True(us.Read(await them.WriteAsync([1])).IsSuccess);
    }
}

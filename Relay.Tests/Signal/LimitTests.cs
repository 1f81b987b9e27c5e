using Relay.Shared.Signal;
using Xunit;

namespace Relay.Tests.Signal;

/// <summary>Each bound of <see cref="SignalLimits"/>, from both sides.</summary>
public sealed class LimitTests
{
    [Fact]
    public void A_jump_of_25_000_is_read_and_one_more_is_refused()
    {
        (Party alice, Party bob) = Party.Acquainted();
        SignalCiphertext[] messages = WriteMany(alice, 25_002);
        SessionRecord? before = bob.Record();

        Assert.Equal(SessionOutcome.TooFarAhead, bob.Read(messages[25_001]).Outcome);
        Assert.Equal(before?.Serialize(), bob.Stored);
        Assert.Equal("25000", bob.ReadText(messages[25_000]));
        Assert.Equal("25001", bob.ReadText(messages[25_001]));

        // The newest 2,000 of those passed over are kept, no more.
        Assert.Equal(SessionOutcome.Duplicate, bob.Read(messages[22_999]).Outcome);
        Assert.Equal("23000", bob.ReadText(messages[23_000]));
        Assert.Equal("24999", bob.ReadText(messages[24_999]));
        Assert.Equal(1998, Current(bob).SkippedCount);
        Assert.True(bob.Stored?.Length < 80_000);
    }

    [Fact]
    public void Skipped_keys_are_capped_over_all_chains_and_the_oldest_go_first()
    {
        (Party alice, Party bob) = Party.Acquainted();
        var turns = new List<SignalCiphertext[]>();
        for (int turn = 0; turn < 3; turn++)
        {
            SignalCiphertext[] messages = WriteMany(alice, 901);
            turns.Add(messages);
            Assert.Equal("900", bob.ReadText(messages[900]));
            Assert.Equal("go on", alice.ReadText(bob.Write("go on")));
        }

        Assert.Equal(SignalLimits.MaxSkippedKeys, Current(bob).SkippedCount);
        Assert.Equal(SessionOutcome.Duplicate, bob.Read(turns[0][699]).Outcome);
        Assert.Equal("700", bob.ReadText(turns[0][700]));
        Assert.Equal("0", bob.ReadText(turns[1][0]));
        Assert.Equal("0", bob.ReadText(turns[2][0]));
    }

    [Fact]
    public void Five_turns_of_the_peer_are_remembered()
    {
        (Party alice, Party bob) = Party.Acquainted();
        var late = new List<SignalCiphertext>();
        for (int turn = 0; turn < 6; turn++)
        {
            late.Add(alice.Write($"late {turn}"));
            Assert.Equal("now", bob.ReadText(alice.Write("now")));
            Assert.Equal("go on", alice.ReadText(bob.Write("go on")));
            Assert.True(Current(bob).Receiving.Count <= SignalLimits.MaxReceivingChains);
        }

        Assert.Equal(SessionOutcome.BadMac, bob.Read(late[0]).Outcome);
        for (int turn = 1; turn < 6; turn++)
        {
            Assert.Equal($"late {turn}", bob.ReadText(late[turn]));
        }
    }

    [Fact]
    public void Five_sessions_are_archived_and_the_oldest_falls_off()
    {
        (Party alice, Party bob) = Party.Acquainted();
        SignalCiphertext oldest = bob.Write("oldest");
        SignalCiphertext? older = null;
        for (int session = 0; session < 6; session++)
        {
            alice.Initiate(bob.Publish());
            Assert.Equal("anew", bob.ReadText(alice.Write("anew")));
            older ??= bob.Write("older");
        }

        Assert.Equal(1 + SignalLimits.MaxArchivedSessions, alice.Record()?.Sessions.Length);
        Assert.Equal(SessionOutcome.BadMac, alice.Read(oldest).Outcome);
        Assert.Equal("older", alice.ReadText(older ?? throw new InvalidDataException()));
    }

    [Fact]
    public void An_ordinary_record_stays_below_a_kilobyte()
    {
        (Party alice, Party bob) = Party.Acquainted();
        for (int turn = 0; turn < 20; turn++)
        {
            Assert.Equal("ping", bob.ReadText(alice.Write("ping")));
            Assert.Equal("pong", alice.ReadText(bob.Write("pong")));
            Assert.InRange(alice.Stored?.Length ?? 0, 1, 1024);
            Assert.InRange(bob.Stored?.Length ?? 0, 1, 1024);
        }
    }

    private static SessionState Current(Party party) => (party.Record() ?? throw new InvalidDataException()).Current;

    // Without storage in between: it's many.
    private static SignalCiphertext[] WriteMany(Party party, int count)
    {
        SessionRecord record = party.Record() ?? throw new InvalidDataException();
        var messages = new SignalCiphertext[count];
        for (int i = 0; i < count; i++)
        {
            (messages[i], SessionRecord next) = SessionCipher.Encrypt(record, party.Identity, System.Text.Encoding.UTF8.GetBytes($"{i}"));
            record.Dispose();
            record = next;
        }

        party.Stored = record.Serialize();
        return messages;
    }
}
